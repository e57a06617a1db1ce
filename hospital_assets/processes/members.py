"""Which processes belong to a stack, and how they are ended.

Every process that a stack starts carries the stack's random name in its environment, and passes
it on to whatever it starts itself. So the members are found even when their parent was killed and
the kernel has given its number to a stranger.
"""

from collections.abc import Sequence
from contextlib import suppress

import psutil

from hospital_assets.configuration.settings import STACK_VARIABLE

_GRACE_SECONDS = 15
_ROUNDS = 5  # a member may start another one while it is being ended


def is_same(pid: int, created: float) -> bool:
    """Return whether the process `pid` that was created at `created` (Unix seconds) still runs."""
    try:
        process = psutil.Process(pid)
        return process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def members(mark: str) -> list[psutil.Process]:
    """Return the processes marked with a stack's name, or with `name/service` for one service."""
    found = []
    for process in psutil.process_iter():
        try:
            value = process.environ().get(STACK_VARIABLE, "")
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or somebody else's
        if value == mark or value.startswith(f"{mark}/"):
            found.append(process)
    return found


def end_members(mark: str) -> int:
    """End every process marked with `mark`, politely first, and return how many there were."""
    ended = 0
    for _ in range(_ROUNDS):
        found = members(mark)
        if not found:
            break
        ended += len(found)
        end(found)
    return ended


def end(processes: Sequence[psutil.Process]) -> None:
    """End these processes: SIGTERM, and after a grace SIGKILL."""
    for process in processes:
        _signal(process, kill=False)
    _, alive = psutil.wait_procs(processes, timeout=_GRACE_SECONDS)
    for process in alive:
        _signal(process, kill=True)
    psutil.wait_procs(alive, timeout=_GRACE_SECONDS)


def _signal(process: psutil.Process, *, kill: bool) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill() if kill else process.terminate()
