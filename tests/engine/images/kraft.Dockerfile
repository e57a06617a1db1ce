# Stands in for apache/kafka: its user, folders and the names of its programs.
FROM hospital-stand-in/java
COPY jars /usr/share/java/kafka
COPY tool_jars /usr/share/java/tools
COPY --chmod=755 java.sh /opt/kafka/bin/kafka-server-start.sh
COPY --chmod=755 storage.sh /opt/kafka/bin/kafka-storage.sh
COPY --chmod=755 api_versions.sh /opt/kafka/bin/kafka-broker-api-versions.sh
ENV MAIN=kafka.Kafka
RUN install -d -m 775 -o 1000 -g 0 /var/lib/kafka/data /etc/kafka/secrets /mnt/shared/config
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
USER 1000:0
