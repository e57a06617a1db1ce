"""The command `hospital`, run as users do, with state and lake in a folder of the test's own."""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.folder import StateFolder
from hospital_assets.state.kept_skeleton import kept_skeleton
from tests.hospitals import small_hospital
from tests.warm_processes import run

COMMAND = [sys.executable, "-m", "hospital_assets"]

Hospital = Callable[..., subprocess.CompletedProcess[str]]


def environment_in(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a small hospital in a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOSPITAL_")}
    kept.pop("DAGSTER_HOME", None)
    return {
        **kept,
        "HOSPITAL_STATE": str(folder / "state"),
        "HOSPITAL_LAKE": str(folder / "lake"),
        "HOSPITAL_PROFILE": "small",
        "COLUMNS": "200",
        **settings,
    }


def hospital_in(folder: Path, **settings: str) -> Hospital:
    """Return the command `hospital` of a small hospital in a folder."""

    def hospital(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(arguments, environment_in(folder, **settings))

    return hospital


def _give_skeleton(folder: Path) -> None:
    """Keep the skeleton of the small hospital in a folder's state, as an earlier command would."""
    state = StateFolder(folder / "state")
    state.prepare()
    for file in _kept().glob("skeleton-*"):
        with suppress(FileExistsError):
            (state.path / file.name).hardlink_to(file)


@cache
def _kept() -> Path:
    folder = TemporaryDirectory(prefix="hospital-skeleton-")
    atexit.register(folder.cleanup)
    hospital = small_hospital()
    kept_skeleton(StateFolder(Path(folder.name)), hospital.seed, hospital.parameters)
    return Path(folder.name)


def init(folder: Path) -> None:
    """Make the secrets of a checkout in a folder, with nothing of this environment."""
    subprocess.run(
        [*COMMAND, "init", "--project", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def hear_interrupts() -> None:
    """Let a program that starts hear Ctrl-C and the end of its terminal, whoever runs the tests.

    Below nohup, or in the background, it would inherit that they are ignored.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def begun(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Begin a command in a session of its own, that hears Ctrl-C; what it says is read."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        env=environment_in(folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )


def keep_servers(folder: Path) -> None:
    """Start the servers of a folder, and keep them beyond the commands that use them."""
    _give_skeleton(folder)
    settings = Settings(state=folder / "state")
    Databases.of(settings).hospital_url()
    KafkaCluster.of(settings).bootstrap()


def stop_servers(folder: Path) -> None:
    """Stop the servers that commands have started in a folder."""
    settings = Settings(state=folder / "state")
    KafkaCluster.of(settings).embedded().stop()
    Databases.of(settings).embedded().stop()
