#!/bin/sh
# The jars of an embedded broker have no tools of their own.
jars=/usr/share/java/kafka
[ -d /usr/share/java/tools ] && jars=/usr/share/java/tools
exec /opt/java/bin/java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -cp "$jars/*" kafka.admin.BrokerApiVersionsCommand "$@"
