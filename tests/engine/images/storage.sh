#!/bin/sh
exec /opt/java/bin/java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -cp '/usr/share/java/kafka/*' kafka.tools.StorageTool "$@"
