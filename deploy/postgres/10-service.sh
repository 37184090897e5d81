#!/bin/sh
# Once, when the cluster is made: the service's own role, which owns its database and is no superuser.
set -eu
password=$(cat "${SERVICE_PASSWORD_FILE:-/run/secrets/postgres_service_password}")
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres -v password="$password" <<'SQL'
CREATE ROLE doc_service LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE doc_service OWNER doc_service ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE doc_service FROM PUBLIC;
SQL
