"""Dagster's instance of this checkout, as `dagster.yaml` describes it."""

from dagster import DagsterInstance
from dotenv import load_dotenv

from hospital_assets.settings import ROOT


def dagster_instance() -> DagsterInstance:
    """Open Dagster's instance, with or without DAGSTER_HOME; close it with `with`.

    Starts the embedded PostgreSQL unless it runs.
    """
    # Dagster's own commands read it too. What the environment already names stays.
    load_dotenv(ROOT / ".env")
    return DagsterInstance.from_config(str(ROOT))
