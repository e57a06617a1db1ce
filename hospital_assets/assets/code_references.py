"""Where the code of an asset stands: files on this machine, or links where git knows a remote."""

import inspect
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg

from hospital_assets.configuration.checkout import SHIPPED
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.registry import registration

_KEY = "dagster/code_references"
# Hosts whose addresses of a file at a commit we know.
_REMOTE = re.compile(
    r"(?:https://|ssh://|git@)(?:[^@/]*@)?(?P<host>github\.com|gitlab\.com)[:/](?P<path>.+?)(?:\.git)?/?"
)
_FILES = {"github.com": "blob", "gitlab.com": "-/blob"}


def of_record(record: RecordType) -> dict[str, dg.CodeReferencesMetadataValue]:
    """Return where a record's contract, maker and laws stand."""
    row = registration(record)
    functions: list[Callable[..., Any]] = [row.make, *(law.violations for law in row.laws)]
    files = [_file_of(record.schema), *(_file_of(one) for one in functions)]
    return code_references(*dict.fromkeys(files))


def code_references(*files: Path) -> dict[str, dg.CodeReferencesMetadataValue]:
    """Return the metadata by which the page leads to files."""
    return {_KEY: dg.CodeReferencesMetadataValue(code_references=[*map(_reference, files)])}


def address_of_commit(remote: str, commit: str) -> str | None:
    """Return where a remote shows the files of a commit, None where we don't know."""
    match = _REMOTE.fullmatch(remote.strip())
    if match is None:
        return None
    host = match["host"]
    return f"https://{host}/{match['path']}/{_FILES[host]}/{commit}"


def _reference(file: Path) -> dg.LocalFileCodeReference | dg.UrlCodeReference:
    label, address = f"{file.parent.name}/{file.name}", _address()
    if address is not None and file.is_relative_to(SHIPPED):
        place = file.relative_to(SHIPPED).as_posix()
        return dg.UrlCodeReference(url=f"{address}/{place}", label=label)
    return dg.LocalFileCodeReference(file_path=str(file), label=label)


def _file_of(thing: type | Callable[..., Any]) -> Path:
    return Path(str(inspect.getsourcefile(thing)))


@cache
def _address() -> str | None:
    """Return where the checkout's commit can be seen; None without git, or without a remote."""
    if not (SHIPPED / ".git").exists():
        return None
    remote, commit = _git("config", "remote.origin.url"), _git("rev-parse", "HEAD")
    return address_of_commit(remote, commit) if remote and commit else None


def _git(*arguments: str) -> str:
    try:
        return subprocess.run(
            ["git", "-C", str(SHIPPED), *arguments],
            capture_output=True, text=True, timeout=5, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
