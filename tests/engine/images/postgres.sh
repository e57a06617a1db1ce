#!/bin/sh
# A first start makes the cluster; then what was asked for begins.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p -m 700 "$PGDATA"
    if [ ! -r "${POSTGRES_PASSWORD_FILE:-}" ]; then
        echo "the cluster is new and POSTGRES_PASSWORD_FILE names no readable file" >&2
        exit 1
    fi
    # initdb asks for the name of its user, whom the container may have as a mere number.
    if ! id -un >/dev/null 2>&1; then
        echo "postgres:x:$(id -u):$(id -g)::$PGDATA:/bin/sh" >/tmp/passwd
        echo "postgres:x:$(id -g):" >/tmp/group
        export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group
    fi
    # The words of POSTGRES_INITDB_ARGS are options each.
    initdb --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    echo "unix_socket_directories = '/var/run/postgresql'" >>"$PGDATA/postgresql.conf"
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
fi
exec "$@"
