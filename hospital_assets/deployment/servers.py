"""The programs that our containers run, each started once all it needs is in order."""

import os
import sys
from collections.abc import Callable

from dotenv import load_dotenv

from hospital_assets.deployment.readiness import wait_for_services
from hospital_assets.errors import HospitalError
from hospital_assets.local.instance import dagster_instance
from hospital_assets.local.orphans import fail_orphaned_runs
from hospital_assets.locations import LOCATIONS, module_of
from hospital_assets.profile import load_hospital
from hospital_assets.settings import ROOT, load_settings

SCHEDULER = "scheduler"
WEBSERVER = "webserver"
SERVERS = (*LOCATIONS, SCHEDULER, WEBSERVER)
WORKSPACE = ROOT / "deploy" / "workspace.yaml"


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
    load_dotenv(ROOT / ".env")
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
    place = ["--host", host, "--port", str(port)]
    if name in LOCATIONS:
        location = ["--module-name", module_of(name), "--location-name", name]
        return ["dagster", "api", "grpc", *location, *place]
    if name == SCHEDULER:
        return ["dagster._daemon", "run", "--workspace", str(WORKSPACE)]
    if name == WEBSERVER:
        return ["hospital_assets.page", "--workspace", str(WORKSPACE), *place]
    raise UnknownServerError(name)
