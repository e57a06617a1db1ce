#!/bin/sh
# A first start makes the cluster; then what was asked for begins.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p -m 700 "$PGDATA"
    if [ ! -r "${POSTGRES_PASSWORD_FILE:-}" ]; then
        echo "the cluster is new and POSTGRES_PASSWORD_FILE names no readable file" >&2
        exit 1
    fi
    # The words of POSTGRES_INITDB_ARGS are options each.
    initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    echo "unix_socket_directories = '/var/run/postgresql'" >>"$PGDATA/postgresql.conf"
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
fi
exec "$@"
