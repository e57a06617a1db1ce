#!/bin/sh
# A first start makes the login, the servers and the pgpass; then the server begins.
set -eu
python=/venv/bin/python
if [ ! -f /var/lib/pgadmin/pgadmin4.db ]; then
    PGADMIN_SETUP_EMAIL=$PGADMIN_DEFAULT_EMAIL
    PGADMIN_SETUP_PASSWORD=$(cat "$PGADMIN_DEFAULT_PASSWORD_FILE")
    export PGADMIN_SETUP_EMAIL PGADMIN_SETUP_PASSWORD
    $python setup.py setup-db
    $python setup.py load-servers "$PGADMIN_SERVER_JSON_FILE" --user "$PGADMIN_DEFAULT_EMAIL"
    unset PGADMIN_SETUP_PASSWORD
    storage=/var/lib/pgadmin/storage/$(echo "$PGADMIN_DEFAULT_EMAIL" | tr @ _)
    mkdir -p "$storage"
    install -m 600 "$PGPASS_FILE" "$storage/.pgpass"
fi
exec $python -m gunicorn --bind "$PGADMIN_LISTEN_ADDRESS:$PGADMIN_LISTEN_PORT" --workers 1 \
    --threads 25 --worker-tmp-dir /tmp pgadmin_application:app
