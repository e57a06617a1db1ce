#!/bin/sh
# Start MAIN with the jars. As light as machines with few cores want it.
exec /opt/java/bin/java ${KAFKA_HEAP_OPTS:--Xmx1G} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -XX:+ExitOnOutOfMemoryError ${KAFKA_LOG4J_OPTS:-} -cp '/usr/share/java/kafka/*' "$MAIN" "$@"
