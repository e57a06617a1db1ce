"""Ending a stack from another process, also when its supervisor is gone."""

import psutil
from filelock import Timeout

from hospital_assets.local.stack import StackError
from hospital_assets.local.stack_record import LOCK, StackRecord
from hospital_assets.processes.members import end_members
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.folder import StateFolder

_SECONDS = 90


def stop_stack(state: StateFolder, databases: Databases, kafka: KafkaCluster) -> bool:
    """End the stack of this checkout with its services, and return whether anything ran.

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
    try:
        if supervisor is not None:
            supervisor.wait(_SECONDS)
        with state.lock(LOCK, timeout=_SECONDS):
            if record is not None:
                found |= end_members(record.name) > 0
            for server in (kafka.embedded(), databases.embedded()):
                if server is not None:
                    found |= server.running_port() is not None
                    server.stop()
    except (Timeout, psutil.TimeoutExpired) as error:
        raise StackError(f"the supervisor did not end in {_SECONDS} s") from error
    return found
