"""What the embedded broker is told: its properties and how it logs.

Every path is relative to the broker's folder, in which it runs: Java reads property files as
Latin-1 and splits `log.dirs` at commas, and a checkout may lie anywhere.
"""

from hospital_assets.state.folder import LOCALHOST

PROPERTIES_FILE = "server.properties"
LOGGING_FILE = "log4j2.properties"
LOG_FILE = "server.log"

_MEGABYTE = 2**20

_PROPERTIES = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    # There is one node, so one copy of everything ...
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # ... which therefore is on the disk before it is acknowledged.
    "log.flush.interval.messages": "1",
    # The whole campaign stays readable: 24,000 events, some 25 MB.
    "log.retention.ms": "-1",
    "log.retention.bytes": "-1",
    # The cluster's own journal grows by two records a second and is cut here.
    "metadata.log.segment.bytes": str(8 * _MEGABYTE),
    "metadata.max.retention.bytes": str(32 * _MEGABYTE),
    "group.initial.rebalance.delay.ms": "0",
    # After a kill the broker waits until its former registration has expired.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # Its default is a quarter of the memory that the broker has.
    "log.cleaner.dedupe.buffer.size": str(4 * _MEGABYTE),
}

LOGGING = f"""\
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {LOG_FILE}
appender.file.filePattern = server.%i.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = [%d{{ISO8601}}] %p %m (%c)%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.policies.start.type = OnStartupTriggeringPolicy
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 2
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
"""


def properties(data: str, port: int, controller_port: int) -> str:
    """Return the broker's properties: its data folder and the loopback ports that it takes."""
    client, controller = (f"{LOCALHOST}:{each}" for each in (port, controller_port))
    listeners = f"PLAINTEXT://{client},CONTROLLER://{controller}"
    content = _PROPERTIES | {
        "log.dirs": data,
        "controller.quorum.bootstrap.servers": controller,
        "listeners": listeners,
        "advertised.listeners": listeners,
    }
    return "".join(f"{name}={value}\n" for name, value in content.items())
