# Stands in for confluentinc/cp-zookeeper: its user, group, folders and the name of its program.
FROM hospital-stand-in/java
COPY jars /usr/share/java/kafka
COPY --chmod=755 java.sh /usr/bin/zookeeper-server-start
ENV MAIN=org.apache.zookeeper.server.quorum.QuorumPeerMain
RUN install -d -m 775 -o 1000 -g 0 /var/lib/zookeeper/data /var/lib/zookeeper/log /etc/zookeeper/secrets
VOLUME ["/var/lib/zookeeper/data", "/var/lib/zookeeper/log", "/etc/zookeeper/secrets"]
USER 1000:0
