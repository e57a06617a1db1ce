"""Ending a stack from another process, also when its supervisor is gone."""

import psutil
from filelock import Timeout

from hospital_assets.local.databases import embedded_postgres
from hospital_assets.local.kafka import embedded_kafka
from hospital_assets.local.processes import end_members
from hospital_assets.local.record import LOCK, StackRecord
from hospital_assets.local.stack import StackError
from hospital_assets.local.state import StateFolder
from hospital_assets.settings import Settings

_SECONDS = 90


def stop_stack(settings: Settings) -> bool:
    """End the stack of this checkout with its services, and return whether anything ran.

    Raises StackError if the supervisor doesn't end.
    """
    state = StateFolder(settings.state)
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
            if settings.kafka.mode == "embedded":
                broker = embedded_kafka(settings)
                found |= broker.running_port() is not None
                broker.stop()
            if settings.database.mode == "embedded":
                server = embedded_postgres(settings)
                found |= server.running_port() is not None
                server.stop()
    except (Timeout, psutil.TimeoutExpired) as error:
        raise StackError(f"the supervisor did not end in {_SECONDS} s") from error
    return found
