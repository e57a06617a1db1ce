"""The jars of a Java service: listed in the project with their sums, fetched once a user."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from hospital_assets.services.kafka.errors import JarError
from hospital_assets.state.folder import StateFolder

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FETCH_SECONDS = 600
_DOWNLOADS_AT_ONCE = 8
_ATTEMPTS = 3
_REMAKE = "make generate ONLY=kafka_jars"


@dataclass(frozen=True)
class Jar:
    """One artifact of Maven Central and the SHA-256 sum that it must have."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The name of its file in a cache."""
        return f"{self.artifact}-{self.version}.jar"

    def check(self, file: Path) -> None:
        """Compare a file with the sum; raises JarError if they differ."""
        with file.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != self.sha256:
            raise JarError(
                f"{file}: expected SHA-256 {self.sha256}, found {found};"
                " remove the file to fetch it again, and start nothing from it if that recurs"
            )


def read_jars(listing: Path) -> list[Jar]:
    """Return the jars that a list names, in its order.

    Raises JarError if the list can't be read or one of them has no usable sum.
    """
    try:
        return [_parse(entry) for entry in json.loads(listing.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise JarError(f"{listing}: {error}; restore it, or run `{_REMAKE}`") from error


def fetch_jars(listing: Path, cache: Path) -> list[Path]:
    """Return the files of the jars in a list, fetching those that `cache` lacks.

    Safe to call from many processes at once; needs no network once the cache is complete. Raises
    JarError if a jar can't be fetched or has another sum than the list says.
    """
    jars = read_jars(listing)
    if _missing(jars, cache):
        try:
            with FileLock(cache / "fetch.lock", timeout=_FETCH_SECONDS, mode=0o600):
                if missing := _missing(jars, cache):  # unless another process had the lock first
                    _fetch(missing, cache)
        except Timeout as error:
            raise JarError(
                f"{cache}: another process has fetched for {_FETCH_SECONDS} s"
            ) from error
    files = [cache / jar.file_name for jar in jars]
    for jar, file in zip(jars, files, strict=True):
        jar.check(file)
    return files


def jar_cache(state: StateFolder) -> Path:
    """Return the folder for jars: the user's own cache, which checkouts share.

    It lies in the state folder for a user who has no home, or one that belongs to somebody else.
    """
    for variable, below in (("XDG_CACHE_HOME", ""), ("HOME", ".cache")):
        place = Path(os.environ.get(variable, ""), below)
        if place.is_absolute():
            folder = place / "hospital-assets" / "jars"
            with suppress(OSError):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if folder.stat().st_uid == os.geteuid() and os.access(folder, os.W_OK):
                    return folder
    state.prepare()
    folder = state.path.resolve() / "jars"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _parse(entry: dict[str, Any]) -> Jar:
    jar = Jar(**entry)
    if not isinstance(jar.sha256, str) or not _SHA256.fullmatch(jar.sha256):
        raise ValueError(f"{jar.file_name}: expected a SHA-256 sum, found {jar.sha256!r}")
    return jar


def _missing(jars: Sequence[Jar], cache: Path) -> list[Jar]:
    return [jar for jar in jars if not (cache / jar.file_name).exists()]


def _fetch(jars: Sequence[Jar], cache: Path) -> None:
    from jgo.maven import MavenContext

    # A download that is cut short leaves a part of a file: it is checked before it gets its name.
    incoming = cache / "incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    context = MavenContext(repo_cache=incoming)
    with ThreadPoolExecutor(_DOWNLOADS_AT_ONCE) as pool:
        files = pool.map(partial(_download, context), jars)
        for jar, file in zip(jars, files, strict=True):
            jar.check(file)
            file.replace(cache / jar.file_name)
    shutil.rmtree(incoming)


def _download(context: Any, jar: Jar) -> Path:
    component = context.project(jar.group, jar.artifact).at_version(jar.version)
    reason = ""
    for _ in range(_ATTEMPTS):
        artifact = component.artifact()
        try:
            return Path(artifact.resolve())
        except (OSError, RuntimeError) as error:
            artifact.cached_path.unlink(missing_ok=True)
            reason = str(error).splitlines()[0]
    raise JarError(
        f"{jar.file_name} can't be fetched from Maven Central ({reason});"
        " the first start needs the network, later ones don't"
    )
