"""Dagster's instance of this checkout, as `dagster.yaml` describes it."""

from typing import Any

from dagster import DagsterInstance
from dagster._core.instance.ref import InstanceRef
from dotenv import load_dotenv

from hospital_assets.configuration.checkout import SHIPPED

_NO_COMPUTE_LOGS = {
    "compute_logs": {
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
        "config": {},
    }
}


def dagster_instance() -> DagsterInstance:
    """Open Dagster's instance, with or without DAGSTER_HOME; close it with `with`.

    Starts the embedded PostgreSQL unless it runs.
    """
    return _open({})


def instance_of_a_command() -> DagsterInstance:
    """Open the same instance for runs in a command's own process, which has a terminal.

    To keep what they print, Dagster would start two processes a run that outlive a killed command.
    """
    return _open(_NO_COMPUTE_LOGS)


def _open(overrides: dict[str, Any]) -> DagsterInstance:
    # Dagster's own commands read it too. What the environment already names stays.
    load_dotenv(SHIPPED / ".env")
    return DagsterInstance.from_ref(InstanceRef.from_dir(str(SHIPPED), overrides=overrides))
