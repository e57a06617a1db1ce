"""The entry point of postgres:18: initdb, the scripts of a first start, then the server."""

import os
import re
import subprocess
import sys
from pathlib import Path

from hospital_assets.local.postgres import binaries
from hospital_assets.local.server_user import ServerUser
from tests.stack.images.entry import EntryError, address, inside, run, text_of
from tests.stack.images.image import Image, module

VOLUME, SOCKETS, SCRIPTS = "/var/lib/postgresql", "/var/run/postgresql", "/docker-entrypoint-initdb.d"
DATA = f"{VOLUME}/18/docker"

_PROGRAMS = ("psql", "pg_isready", "pg_ctl", "initdb", "postgres", "createdb", "createuser")


def image() -> Image:
    """Return the stand-in for the image."""
    bin_folder = binaries()
    return Image(
        entrypoint=("docker-entrypoint.sh",),
        command=("postgres",),
        # The image's own libpq looks for the socket there.
        environment={"PGDATA": DATA, "PG_MAJOR": "18", "PGHOST": SOCKETS},
        folders=(VOLUME, SOCKETS),
        programs={
            "/usr/local/bin/docker-entrypoint.sh": module("postgres"),
            **{f"/usr/bin/{name}": f'exec {bin_folder / name} "$@"\n' for name in _PROGRAMS},
        },
        stop_signal="SIGINT",
    )


def main() -> None:
    """Become the server, or whatever else the command is."""
    command = sys.argv[1:]
    if command[:1] and command[0].startswith("-"):
        command = ["postgres", *command]
    data = Path(os.environ["PGDATA"])
    _leave_root(data)
    if command[0] == "postgres" and not (data / "PG_VERSION").exists():
        _create(data, command[1:])
    os.execvp(command[0], command)


def _leave_root(data: Path) -> None:
    account = ServerUser.for_this_process()
    sockets = inside(SOCKETS)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account.uid is None or account.gid is None:
        return
    for folder in (data, data.parent, data.parent.parent, sockets):
        account.own(folder)
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)


def _create(data: Path, options: list[str]) -> None:
    user = text_of("POSTGRES_USER", "postgres")
    database = text_of("POSTGRES_DB", user)
    password = text_of("POSTGRES_PASSWORD")
    if not password:
        raise EntryError("database is uninitialized and superuser password is not specified")
    password_file = inside(SOCKETS) / "password"
    password_file.write_text(f"{password}\n", encoding="utf-8")
    arguments = text_of("POSTGRES_INITDB_ARGS").split()
    _call("initdb", f"--username={user}", f"--pwfile={password_file}", *arguments)
    password_file.unlink()
    sample = data / "postgresql.conf"
    # In the container it is all addresses.
    settings = f"listen_addresses = '{address()}'\nunix_socket_directories = '{inside(SOCKETS)}'\n"
    sample.write_text(sample.read_text(encoding="utf-8") + settings, encoding="utf-8")
    with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("\nhost all all all scram-sha-256\n")
    os.environ["PGPASSWORD"] = password
    flags = " ".join([*(re.sub(r"([^\w@%+=:,./-])", r"\\\1", each) for each in options)])
    _call("pg_ctl", "-w", "-o", f"{flags} -c listen_addresses=''", "start")
    psql = ["psql", "-v", "ON_ERROR_STOP=1", "--username", user, "--no-password", "--no-psqlrc"]
    if database != "postgres":
        _call(*psql, "--dbname", "postgres", "-c", f'CREATE DATABASE "{database}"')
    os.environ |= {"POSTGRES_USER": user, "POSTGRES_DB": database, "POSTGRES_PASSWORD": password}
    for script in sorted(inside(SCRIPTS).glob("*")):
        if script.suffix == ".sql":
            _call(*psql, "--dbname", database, "-f", str(script))
        elif script.suffix == ".sh":
            runner = [] if os.access(script, os.X_OK) else ["bash", "-e", "-o", "pipefail"]
            _call(*runner, str(script))
    _call("pg_ctl", "-m", "fast", "-w", "stop")
    del os.environ["PGPASSWORD"]


def _call(*command: str) -> None:
    result = subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        raise EntryError(f"{Path(command[0]).name} failed")


if __name__ == "__main__":
    run(main)
