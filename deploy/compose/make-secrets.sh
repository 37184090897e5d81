#!/bin/sh
# Makes every secret that docker-compose.yml mounts, each in a file: make-secrets.sh DIRECTORY [--development]
# Existing files stay, so it may be run again when a later version needs one more. The directory is closed to others on
# the host; the files are readable, because each container has an account of its own and sees only its own secrets.
# --development: known, worthless values, each of which production refuses.
set -eu
directory=$1
development=${2:-}
mkdir -p "$directory"
[ -n "$development" ] || chmod 0700 "$directory"
umask 022

put() { # put NAME VALUE
  [ -s "$directory/$1" ] || { printf '%s' "$2" >"$directory/$1.new" && mv "$directory/$1.new" "$directory/$1"; }
}
random() { # random NAME BYTES: letters and digits only, good in names, passwords and URLs alike
  if [ -n "$development" ]; then echo "development-only-$1"; else openssl rand -hex "$2"; fi
}
kept() { cat "$directory/$1"; }

for name in postgres_password postgres_service_password rabbitmq_password grafana_admin_password \
  doc_service_smtp_password; do # the last: to be replaced by the mail server's, where it wants one
  put "$name" "$(random "$name" 24)"
done
# S3 servers take names of up to 20 characters and secrets of up to 40.
for store in archive reserve; do
  put "${store}_root_user" "$(random "$(echo $store | cut -c1-1)0" 10)"
  put "${store}_root_password" "$(random "$store-root" 20)"
  put "doc_service_${store}_access_key" "$(random "$(echo $store | cut -c1-1)1" 10)"
  put "doc_service_${store}_secret_key" "$(random "$store-writer" 20)"
done
put doc_service_database_url "postgresql+psycopg://doc_service:$(kept postgres_service_password)@postgres:5432/doc_service"
put doc_service_broker_url "amqp://doc_service:$(kept rabbitmq_password)@rabbitmq:5672//"
put rabbitmq_account "default_user = doc_service
default_pass = $(kept rabbitmq_password)
"
if [ -n "$development" ]; then
  put archive_kms_key "development-only:$(printf 'development-only-32-bytes-of-key' | openssl base64 -A)"
else
  put archive_kms_key "archive-key:$(openssl rand -base64 32)"
fi
# Signs the audit log's checkpoints on every machine: keep a copy where the archive is not.
if [ ! -s "$directory/audit_key" ]; then
  { [ -z "$development" ] || echo "development-only: worthless, and refused by production"
    openssl genpkey -algorithm ED25519; } >"$directory/audit_key.new"
  mv "$directory/audit_key.new" "$directory/audit_key"
fi
# Seals secrets in the database on every machine: keep a copy where the backups are not. A newer key goes on a line above.
if [ -n "$development" ]; then
  put secret_key "# development-only: worthless, and refused by production
$(printf 'development-only-32-bytes-of-key' | od -An -v -tx1 | tr -d ' \n')"
else
  put secret_key "$(openssl rand -hex 32)"
fi
chmod 0644 "$directory"/*
