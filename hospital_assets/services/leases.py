"""Leases: which processes use an embedded server, so that the last of them ends it.

A process takes its lease when it first asks for the server, and gives it back when it ends. One
that was killed holds none any more, whatever the file says.
"""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from hospital_assets.errors import HospitalError, one_line
from hospital_assets.processes.members import is_same
from hospital_assets.state.folder import StateFolder

_FILE = "leases.json"
_LOCK = "leases"


@dataclass(frozen=True)
class _Taken:
    """A lease of this process; `stop` ends the server."""

    state: StateFolder
    server: str
    stop: Callable[[], None]


# By process too: one that was forked off has its parent's memory and not its leases.
_taken: dict[tuple[str, str, int], _Taken] = {}


def take(state: StateFolder, server: str, stop: Callable[[], None]) -> None:
    """Have this process use a server from now on; `stop` is called if it is the last to end."""
    key = (str(state.path), server, os.getpid())
    if key in _taken:
        return
    with state.lock(_LOCK):
        held = _held(state)
        held.setdefault(server, {})[str(os.getpid())] = psutil.Process().create_time()
        state.write_json(_FILE, held)
    _taken[key] = _Taken(state, server, stop)


def users(state: StateFolder, server: str) -> list[psutil.Process]:
    """Return the processes that use a server."""
    return [psutil.Process(int(pid)) for pid in _held(state).get(server, {})]


@atexit.register
def give_back() -> None:
    """Give back every lease of this process, and end the servers that nobody else uses."""
    own = [key for key in _taken if key[2] == os.getpid()]
    if own and threading.current_thread() is threading.main_thread():
        # A second Ctrl-C would leave behind what the first one is ending.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for lease in [_taken.pop(key) for key in own]:
        if lease.state.path.is_dir():
            try:
                _give_back(lease)
            except HospitalError as error:
                print(f"hospital: {one_line(error)}", file=sys.stderr)


def _give_back(lease: _Taken) -> None:
    # Whoever takes a lease meanwhile waits here, and starts the server anew.
    with lease.state.lock(_LOCK):
        held = _held(lease.state)
        held.get(lease.server, {}).pop(str(os.getpid()), None)
        lease.state.write_json(_FILE, held)
        if not held.get(lease.server):
            lease.stop()


def _held(state: StateFolder) -> dict[str, dict[str, float]]:
    """Return when each living process that uses a server was created, by server and its number."""
    return {
        server: {pid: created for pid, created in leases.items() if is_same(int(pid), created)}
        for server, leases in state.read_json(_FILE).items()
    }
