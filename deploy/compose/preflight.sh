#!/bin/sh
# Before anything of the production profile starts: is everything here that production needs, and is nothing of it a
# throw-away value of the development profile? Says all that is wrong, not the first thing only.
set -u
secrets=${DOC_SERVICE_SECRETS_DIR:-/run/secrets}
tls=${TLS_DIR:-/etc/nginx/tls}
wrong=0
say() { echo "production: $*" >&2; wrong=1; }

[ "${DOC_SERVICE_ENVIRONMENT:-}" = production ] || say "DOC_SERVICE_ENVIRONMENT=production is missing from .env"
[ -n "${DOC_SERVICE_TSA_URL:-}" ] || say "DOC_SERVICE_TSA_URL is missing: a qualified time-stamping authority is needed"
[ -s "${DOC_SERVICE_TRUST_DIR:-/etc/doc-service/trust}/trust.toml" ] || say "DOC_SERVICE_TRUST must name a directory with trust.toml and the anchors"
for name in $REQUIRED_SECRETS; do
  if [ ! -s "$secrets/$name" ]; then
    say "secret $name is missing or empty: deploy/compose/make-secrets.sh DIRECTORY, and DOC_SERVICE_SECRETS=DIRECTORY in .env"
  elif grep -q development-only "$secrets/$name"; then
    say "secret $name is a throw-away value of the development profile"
  fi
done
for name in tls.crt tls.key; do
  [ -s "$tls/$name" ] || say "$name is missing: DOC_SERVICE_TLS must name a directory with tls.crt and tls.key"
done
if [ -s "$tls/tls.crt" ]; then
  case $(openssl x509 -in "$tls/tls.crt" -noout -subject 2>&1) in
    *"Development only"*) say "tls.crt is the throw-away certificate of the development profile" ;;
  esac
  openssl x509 -in "$tls/tls.crt" -noout -checkend 86400 >/dev/null 2>&1 || say "tls.crt cannot be read or ends within a day"
fi
exit $wrong
