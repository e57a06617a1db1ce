"""The programs that our containers run, each started once all it needs is in order."""

import os
import sys
from collections.abc import Callable

from dotenv import load_dotenv

from hospital_assets.configuration.checkout import SHIPPED
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.containers.readiness import wait_for_services
from hospital_assets.errors import HospitalError
from hospital_assets.history.instance import dagster_instance
from hospital_assets.history.orphaned_runs import fail_orphaned_runs
from hospital_assets.locations import LOCATIONS, module_of
from hospital_assets.processes import dagster_servers

SCHEDULER = "scheduler"
WEBSERVER = "webserver"
SERVERS = (*LOCATIONS, SCHEDULER, WEBSERVER)
WORKSPACE = SHIPPED / "deploy" / "workspace.yaml"


class UnknownServerError(HospitalError):
    """There is no such program; the message names those that are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}: no such server; choose from {', '.join(SERVERS)}")


def serve(name: str, host: str, port: int, say: Callable[[str], None]) -> None:
    """Become the program `name`, once settings, secrets and services are in order.

    Doesn't return. Raises HospitalError in one line for whatever is not in order.
    """
    arguments = command(name, host, port)
    # How Dagster writes the events of runs, for a start outside of compose.
    load_dotenv(SHIPPED / ".env")
    settings = load_settings()
    if name in LOCATIONS:
        load_hospital()
    wait_for_services(settings, say)
    if name in LOCATIONS:
        with dagster_instance() as instance:
            # Runs execute in here and nowhere else: before the start there are none.
            for run in fail_orphaned_runs(instance, location=name):
                say(f"marked run {run} as failed: the container was stopped")
    os.execv(sys.executable, [sys.executable, "-m", *arguments])


def command(name: str, host: str, port: int) -> list[str]:
    """Return the module and arguments of a program; raises UnknownServerError."""
    if name in LOCATIONS:
        return dagster_servers.code_server(module_of(name), name, host, port)
    if name == SCHEDULER:
        return dagster_servers.daemon([WORKSPACE])
    if name == WEBSERVER:
        return dagster_servers.web_server([WORKSPACE], host, port)
    raise UnknownServerError(name)
