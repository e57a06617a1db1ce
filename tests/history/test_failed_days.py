"""A day whose run failed is shown as failed, in the environment of every Dagster process."""

from datetime import date

import dagster as dg
import pytest
from dotenv import dotenv_values

from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import ROOT

DAILY = daily_partitions(Period(date(2021, 3, 1), date(2021, 3, 3)))


@dg.asset(partitions_def=DAILY)
def broken() -> None:
    """One row is never made."""
    raise dg.Failure("the file is not what its manifest says", allow_retries=False)


def test_a_failed_day_is_shown_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS", raising=False)
    for name, value in dotenv_values(ROOT / ".env").items():
        monkeypatch.setenv(name, value or "")
    with dg.DagsterInstance.ephemeral() as instance:
        dg.materialize(
            [broken], instance=instance, partition_key="2021-03-02", raise_on_error=False
        )
        shown = instance.get_status_by_partition(broken.key, ["2021-03-02"], DAILY)
    assert {key: status.value for key, status in (shown or {}).items()} == {"2021-03-02": "FAILED"}
