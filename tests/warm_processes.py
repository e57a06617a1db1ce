"""Commands that begin in a process which has imported the hospital already.

To import Dagster and the hospital takes longer than most of what a command does. Nothing reads the
environment while it is imported, so a command that is forked afterwards is what it is in a
terminal: it has arguments, an environment, streams and an exit code of its own.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hospital_assets.configuration.settings import ROOT
from tests.patience import PATIENCE_SECONDS

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["hospital_assets.cli", "hospital_assets.definitions"])
_STREAMS = {"input": os.O_RDONLY, "output": os.O_WRONLY, "errors": os.O_WRONLY}


def run(
    arguments: Sequence[str], environment: Mapping[str, str], text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `hospital` with arguments and an environment, and return how it ends."""
    with TemporaryDirectory() as name:
        streams = [Path(name, stream) for stream in _STREAMS]
        for stream in streams:
            stream.write_text(text if stream.name == "input" else "", encoding="utf-8")
        process = _PROCESSES.Process(target=_command, args=(arguments, dict(environment), name))
        process.start()
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired([*arguments], PATIENCE_SECONDS)
        _, output, errors = (stream.read_text(encoding="utf-8") for stream in streams)
        return subprocess.CompletedProcess([*arguments], process.exitcode, output, errors)


def _command(arguments: Sequence[str], environment: Mapping[str, str], streams: str) -> None:
    from hospital_assets.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    for number, (name, flags) in enumerate(_STREAMS.items()):
        os.dup2(os.open(Path(streams, name), flags), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["hospital", *arguments]
    try:
        main()
    finally:
        # A process of multiprocessing leaves without them.
        atexit._run_exitfuncs()
