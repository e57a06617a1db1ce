# Stands in for confluentinc/cp-kafka: its user, group, folders and the names of its programs.
FROM hospital-stand-in/java
COPY jars /usr/share/java/kafka
COPY --chmod=755 java.sh /usr/bin/kafka-server-start
COPY --chmod=755 api_versions.sh /usr/bin/kafka-broker-api-versions
ENV MAIN=kafka.Kafka
RUN install -d -m 775 -o 1000 -g 0 /var/lib/kafka/data /etc/kafka/secrets
VOLUME ["/var/lib/kafka/data", "/etc/kafka/secrets"]
USER 1000:0
