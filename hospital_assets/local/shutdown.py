"""Ending a stack from another process, also when its supervisor is gone."""

from collections.abc import Callable
from contextlib import ExitStack, suppress

import psutil

from hospital_assets.local.stack import StackError
from hospital_assets.local.stack_record import LOCK, StackRecord
from hospital_assets.processes.members import end, end_members
from hospital_assets.services import leases, postgres
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka import broker
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.errors import StateLockedError
from hospital_assets.state.folder import StateFolder

_SECONDS = 90
_SHOWN_CHARACTERS = 80


def stop_stack(
    state: StateFolder, databases: Databases, kafka: KafkaCluster, say: Callable[[str], None]
) -> bool:
    """End the stack of this checkout and whatever else uses its servers, then the servers.

    Returns whether anything ran; `say` receives a line for each process that is not of the stack.
    Raises StackError if the supervisor doesn't end.
    """
    if not state.path.is_dir():
        return False
    record = StackRecord.load(state)
    supervisor = None
    if record is not None and record.is_supervised():
        supervisor = psutil.Process(record.pid)
        supervisor.terminate()
    found = supervisor is not None
    with ExitStack() as held:
        try:
            if supervisor is not None:
                supervisor.wait(_SECONDS)
            held.enter_context(state.lock(LOCK, timeout=_SECONDS))
        except (StateLockedError, psutil.TimeoutExpired) as error:
            raise StackError(f"the supervisor did not end in {_SECONDS} s") from error
        if record is not None:
            found |= end_members(record.name) > 0
        for name in (postgres.SERVER, broker.SERVER):
            found |= _end_users(state, name, say) > 0
        for server in (kafka.embedded(), databases.embedded()):
            if server is not None:
                found |= server.running_port() is not None
                server.stop()
    return found


def _end_users(state: StateFolder, server: str, say: Callable[[str], None]) -> int:
    """End the processes that would start a server again, and return how many there were.

    Such as those of `dagster dev`.
    """
    this = psutil.Process()
    spared = {this, *this.parents()}
    found = [user for user in leases.users(state, server) if user not in spared]
    for user in found:
        with suppress(psutil.NoSuchProcess):
            say(f"ending process {user.pid}: {' '.join(user.cmdline())[:_SHOWN_CHARACTERS]}")
            end([user, *user.children(recursive=True)])
    return len(found)
