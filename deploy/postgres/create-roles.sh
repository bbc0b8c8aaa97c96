#!/bin/sh
# Runs once in a new cluster: a role and a database per service; a role can open its own database and no other.
set -eu
for service in registration credit licensing hotline gateway; do
  variable="TONGBAN_$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  eval "password=\${$variable:?$variable is not set}"
  psql -v ON_ERROR_STOP=1 -v name="$service" -v password="$password" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" -c 'REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC'
