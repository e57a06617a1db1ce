"""The list of the embedded Kafka's jars with the SHA-256 sum of each; needs the network.

Made anew to move to another version; it is committed, so that a changed jar is refused.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from jgo.env import EnvironmentBuilder
from jgo.maven import MavenContext

from hospital_assets.configuration.settings import ROOT
from tools.generated_file import GeneratedFile

TARGET = ROOT / "hospital_assets" / "data" / "kafka_jars.json"

# Without the `!` every coordinate counts as a BOM, and log4j's would choose Kafka's own jars.
COORDINATES = (
    "org.apache.kafka:kafka_2.13:4.4.0!",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!",
    "org.apache.logging.log4j:log4j-core:2.25.4!",
)


def text() -> str:
    """Return the list as it is stored."""
    return json.dumps(make(COORDINATES), indent=1) + "\n"


def make(coordinates: Iterable[str]) -> list[dict[str, str]]:
    """Return the list for what Maven resolves; fetches every jar anew from Maven Central."""
    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder, "repository"))
        builder = EnvironmentBuilder(context=context, cache_dir=Path(folder, "environments"))
        environment = builder.from_endpoint("+".join(coordinates))
        files = {file.name: file for file in environment.all_jars}
        lock = environment.lockfile
        if lock is None:
            raise RuntimeError(f"{environment.path}: jgo left no list of what it resolved")
        return [
            {
                "group": jar.groupId,
                "artifact": jar.artifactId,
                "version": jar.version,
                "sha256": hashlib.sha256(
                    files[f"{jar.artifactId}-{jar.version}.jar"].read_bytes()
                ).hexdigest(),
            }
            for jar in lock.dependencies
        ]


FILE = GeneratedFile("kafka_jars", TARGET, text, needs_network=True)
