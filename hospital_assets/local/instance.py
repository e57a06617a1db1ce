"""Dagster's instance of this checkout, as `dagster.yaml` describes it."""

from dagster import DagsterInstance

from hospital_assets.settings import ROOT


def dagster_instance() -> DagsterInstance:
    """Open Dagster's instance, with or without DAGSTER_HOME; close it with `with`.

    Starts the embedded PostgreSQL unless it runs.
    """
    return DagsterInstance.from_config(str(ROOT))
