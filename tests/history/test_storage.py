"""Dagster's storage as `dagster.yaml` describes it: found by itself, with no secret in it."""

import subprocess
import sys

import pytest
from dagster import DagsterInstance
from dagster._serdes import serialize_value

from hospital_assets.configuration.settings import ROOT, Settings
from hospital_assets.history.instance import dagster_instance
from hospital_assets.services.databases import Databases
from tests.patience import PATIENCE_SECONDS

READ_THE_RECORDS = """
import sys
from dagster import DagsterInstance
from dagster._serdes import deserialize_value
with DagsterInstance.from_ref(deserialize_value(sys.argv[1])) as instance:
    print(instance.get_dynamic_partitions("kept"))
"""


@pytest.fixture
def settings(postgres_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with the session's server, as every process of a checkout reads them."""
    monkeypatch.setenv("HOSPITAL_STATE", str(postgres_settings.state))
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return postgres_settings


def test_what_dagster_passes_on_holds_no_password(settings: Settings) -> None:
    with dagster_instance() as instance:
        passed_on = serialize_value(instance.get_ref())
    assert Databases.of(settings).embedded().password not in passed_on


@pytest.mark.usefixtures("settings")
def test_another_process_finds_the_same_records() -> None:
    with dagster_instance() as instance:
        instance.add_dynamic_partitions("kept", ["one"])
        passed_on = serialize_value(instance.get_ref())
    other = subprocess.run(
        [sys.executable, "-c", READ_THE_RECORDS, passed_on],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert other.stdout.strip() == "['one']"


def test_files_lie_in_the_state_folder(settings: Settings) -> None:
    with DagsterInstance.from_config(str(ROOT)) as instance:
        assert instance.storage_directory().startswith(str(settings.state.resolve()))
