#!/bin/sh
# A throw-away certificate for trying out: certificate.sh DIRECTORY. What is there already stays.
set -eu
[ -s "$1/tls.crt" ] && [ -s "$1/tls.key" ] && exit 0
chmod 0755 "$1"
umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 397 -subj "/CN=localhost/O=Development only" \
  -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -addext "basicConstraints=critical,CA:TRUE" \
  -keyout "$1/tls.key.new" -out "$1/tls.crt.new"
chmod 0644 "$1/tls.crt.new" "$1/tls.key.new" # the proxy's account is another one
mv "$1/tls.key.new" "$1/tls.key"
mv "$1/tls.crt.new" "$1/tls.crt"
