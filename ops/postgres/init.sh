#!/bin/sh
# What docker-compose.yml has PostgreSQL do when it begins: the database of a ledger with its roles, and one for the lists of a ledger in EventStoreDB, which can always be made anew.
# ledger_owner gets the administrator's password (POSTGRES_PASSWORD), ledger_app its own (LEDGER_PASSWORD); ledger_reader has none, and cannot log in, until \password gives it one.
set -eu
psql -X -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres -v owner="$POSTGRES_PASSWORD" -v app="${LEDGER_PASSWORD:?is not set}" <<'SQL'
CREATE DATABASE newsroom;
\connect newsroom
\i /ops/roles.sql
ALTER ROLE ledger_owner PASSWORD :'owner';
ALTER ROLE ledger_app PASSWORD :'app';
CREATE DATABASE views OWNER ledger_app;
SQL
