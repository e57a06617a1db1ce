"""The entry point of postgres:18: initdb on a first start, then the server."""

import os
import subprocess
import sys
from pathlib import Path

from hospital_assets.services.postgres import binaries
from hospital_assets.services.server_user import ServerUser
from tests.stack.images.entry import EntryError, address, inside, run, text_of
from tests.stack.images.image import Image, module

VOLUME, SOCKETS = "/var/lib/postgresql", "/var/run/postgresql"

_PROGRAMS = ("initdb", "pg_isready", "postgres")


def image() -> Image:
    """Return the stand-in for the image."""
    programs = binaries()
    return Image(
        entrypoint=("docker-entrypoint.sh",),
        command=("postgres",),
        environment={"PGDATA": f"{VOLUME}/18/docker"},
        folders=(VOLUME, SOCKETS),
        programs={
            "/usr/local/bin/docker-entrypoint.sh": module("postgres"),
            **{f"/usr/bin/{name}": f'exec {programs / name} "$@"\n' for name in _PROGRAMS},
        },
        stop_signal="SIGINT",
    )


def main() -> None:
    """Become the server."""
    data = Path(os.environ["PGDATA"])
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _leave_root(data)
    # A killed server leaves the number of its process. In a container it is that of the new one
    # and counts for nothing; here a stranger may have it by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    if not (data / "PG_VERSION").exists():
        _create(data)
    os.execvp(sys.argv[1], sys.argv[1:])


def _leave_root(data: Path) -> None:
    account = ServerUser.for_this_process()
    if account.uid is None or account.gid is None:
        return
    for path in (inside(SOCKETS), data, *data.rglob("*")):
        account.own(path)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)


def _create(data: Path) -> None:
    password = text_of("POSTGRES_PASSWORD")
    if not password:
        raise EntryError("database is uninitialized and superuser password is not specified")
    password_file = inside(SOCKETS) / "password"
    password_file.write_text(f"{password}\n", encoding="utf-8")
    arguments = ["--username=postgres", f"--pwfile={password_file}"]
    arguments += text_of("POSTGRES_INITDB_ARGS").split()
    result = subprocess.run(["initdb", *arguments], capture_output=True, text=True, check=False)
    password_file.unlink()
    if result.returncode:
        raise EntryError(f"initdb: {result.stderr.strip()}")
    with (data / "postgresql.conf").open("a", encoding="utf-8") as settings:
        # In the container: all addresses.
        settings.write(f"listen_addresses = '{address()}'\n")
        settings.write(f"unix_socket_directories = '{inside(SOCKETS)}'\n")
    with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("host all all all scram-sha-256\n")


if __name__ == "__main__":
    run(main)
