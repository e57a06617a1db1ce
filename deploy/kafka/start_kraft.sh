#!/bin/sh
# Format the broker's folder unless that is done, then start the broker in place of this shell.
set -eu
bin=/opt/kafka/bin
properties=/etc/hospital/server.properties
# A cluster of one broker: its id tells it from no other.
"$bin/kafka-storage.sh" format --standalone --ignore-formatted \
    --cluster-id=aG9zcGl0YWwtYXNzZXRzMA --config "$properties"
exec "$bin/kafka-server-start.sh" "$properties"
