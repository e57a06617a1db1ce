"""The embedded PostgreSQL under the conditions that break it."""

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Timer

import psutil
import psycopg
import pytest

from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.services.databases import Databases
from hospital_assets.services.postgres import EmbeddedPostgres, PasswordError, binaries
from hospital_assets.state.folder import StateFolder
from tests.patience import PATIENCE_SECONDS

NOBODY = 65534

START = """
from hospital_assets.configuration.settings import load_settings
from hospital_assets.services.databases import Databases
import psycopg
with psycopg.connect(Databases.of(load_settings()).hospital_url()) as connection:
    print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0])
"""


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a checkout in which nothing ever ran."""
    settings = Settings(state=tmp_path / "state")
    yield settings
    Databases.of(settings).embedded().stop()


def start_elsewhere(settings: Settings) -> subprocess.Popen[str]:
    """Start the server from another process, which prints when the postmaster began."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOSPITAL_STATE": str(settings.state)}
    return subprocess.Popen(
        [sys.executable, "-c", START],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
    )


def postmaster(settings: Settings) -> psutil.Process:
    """Return the server's first process."""
    pid_file = Databases.of(settings).embedded().data / "postmaster.pid"
    return psutil.Process(int(pid_file.read_text().splitlines()[0]))


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process still runs; one that nobody has reaped yet does not."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_processes_that_start_it_at_once_share_one_server(settings: Settings) -> None:
    starters = [start_elsewhere(settings) for _ in range(4)]
    answers = {starter.communicate(timeout=PATIENCE_SECONDS)[0] for starter in starters}
    assert [starter.returncode for starter in starters] == [0] * 4
    assert len(answers) == 1


def test_committed_rows_survive_a_kill_of_the_postmaster(settings: Settings) -> None:
    with psycopg.connect(Databases.of(settings).hospital_url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
    killed = postmaster(settings)
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=PATIENCE_SECONDS)
    with psycopg.connect(Databases.of(settings).hospital_url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_what_a_crash_left_may_end_by_itself_while_it_is_being_ended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Databases.of(settings).embedded()
    server.ensure_running()
    killed = postmaster(settings)
    left = [killed, *killed.children(recursive=True)]
    killed.send_signal(signal.SIGKILL)
    psutil.wait_procs(left, timeout=PATIENCE_SECONDS)
    monkeypatch.setattr(EmbeddedPostgres, "_processes", lambda _: left)

    assert server.ensure_running() == server.running_port()


def test_a_pid_that_a_stranger_got_after_a_reboot_is_no_server(settings: Settings) -> None:
    Databases.of(settings).hospital_url()
    server = Databases.of(settings).embedded()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n1\n\n\n\n")
    assert server.running_port() is None
    psycopg.connect(Databases.of(settings).hospital_url()).close()


def test_it_moves_to_another_port_if_a_stranger_took_the_remembered_one(
    settings: Settings, occupy: Callable[[int], AbstractContextManager[None]]
) -> None:
    Databases.of(settings).hospital_url()
    server = Databases.of(settings).embedded()
    first = server.ensure_running()
    server.stop()
    with occupy(first):
        assert server.ensure_running() != first


def test_the_port_is_remembered(settings: Settings) -> None:
    server = Databases.of(settings).embedded()
    first = server.ensure_running()
    server.stop()
    assert server.ensure_running() == first


def test_stop_ends_every_process_of_the_server(settings: Settings) -> None:
    Databases.of(settings).hospital_url()
    server = postmaster(settings)
    family = [server, *server.children(recursive=True)]
    Databases.of(settings).embedded().stop()
    assert not [process for process in family if is_alive(process)]


def test_the_password_is_private_and_required(settings: Settings) -> None:
    dsn = Databases.of(settings).hospital_url()
    password = Databases.of(settings).embedded().password
    assert stat.S_IMODE((settings.state / "postgres_password").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.state.stat().st_mode) & 0o007 == 0
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(dsn.replace(password, "guess"))


def test_a_password_that_is_gone_is_told_and_no_other_is_made(settings: Settings) -> None:
    Databases.of(settings).hospital_url()
    file = settings.state / "postgres_password"
    password = file.read_text()
    file.unlink()
    for url in (Databases.of(settings).hospital_url, Databases.of(settings).dagster_url):
        with pytest.raises(PasswordError, match=f"{file} is gone: bring it back, or "):
            url()
    assert not file.exists()
    file.write_text(password)
    psycopg.connect(Databases.of(settings).hospital_url()).close()


@pytest.mark.parametrize("running", [True, False])
def test_a_password_that_was_changed_is_told(settings: Settings, running: bool) -> None:
    Databases.of(settings).hospital_url()
    if not running:
        Databases.of(settings).embedded().stop()
    file = settings.state / "postgres_password"
    password = file.read_text()
    file.write_text("a guess")
    with pytest.raises(PasswordError, match=f"PostgreSQL refuses the password in {file}"):
        Databases.of(settings).dagster_url()
    file.write_text(password)
    psycopg.connect(Databases.of(settings).hospital_url()).close()


@pytest.mark.parametrize("databases", [True, False], ids=["ready", "without databases"])
def test_a_start_that_was_cut_short_is_gone_on_with(
    settings: Settings, databases: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server runs, and whoever started it had no time to say so."""
    server = Databases.of(settings).embedded()
    with monkeypatch.context() as cut:
        cut.setattr(StateFolder, "write_json", fail_at("postgres.json"))
        if not databases:
            cut.setattr(EmbeddedPostgres, "_create_databases", lambda *_: None)
        with pytest.raises(InterruptedError):
            server.ensure_running()
    left = postmaster(settings)
    # Not ready yet: it waits for the transactions of before.
    whole = server._pid_file.read_text()
    server._pid_file.write_text("".join(whole.splitlines(keepends=True)[:1]))
    Timer(1, lambda: server._pid_file.write_text(whole)).start()
    psycopg.connect(Databases.of(settings).hospital_url()).close()
    assert postmaster(settings) == left


def fail_at(name: str) -> Callable[..., None]:
    """Return a `StateFolder.write_json` that ends with the file of a name."""
    write = StateFolder.write_json

    def written(state: StateFolder, file: str, content: dict[str, object]) -> None:
        if file == name:
            raise InterruptedError
        write(state, file, content)

    return written


def test_both_databases_exist(settings: Settings) -> None:
    psycopg.connect(Databases.of(settings).hospital_url()).close()
    psycopg.connect(Databases.of(settings).dagster_url().replace("+psycopg2", "")).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_normal_user_needs_no_privileges(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    for folder in {*home.parents, *binaries().resolve().parents}:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    server = Databases.of(Settings(state=home / "state")).embedded()
    # Forked, because the interpreter itself may lie where only root can read.
    user = multiprocessing.get_context("fork").Process(
        target=start_and_stop_as_nobody, args=(server,)
    )
    user.start()
    user.join(timeout=PATIENCE_SECONDS)
    assert user.exitcode == 0
    assert {file.stat().st_uid for file in server.folder.iterdir()} == {NOBODY}


def start_and_stop_as_nobody(server: EmbeddedPostgres) -> None:
    """Give up root's privileges for good, then use the server."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    server.ensure_running()
    server.stop()
