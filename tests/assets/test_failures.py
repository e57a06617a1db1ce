"""How an asset fails: what its page shows first, and whether it is tried again."""

import dagster as dg
import pytest

from hospital_assets.assets import tables
from hospital_assets.assets.graph import assets_of
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_hospital
from hospital_assets.errors import HospitalError, ServiceAwayError
from hospital_assets.registry import REGISTRY

SENTENCE = "the shelf is empty: fill it"


def period() -> Period:
    return load_hospital().period


def names() -> list[str]:
    return [one.key.to_user_string() for one in assets_of(REGISTRY, period())]


class Refusing:
    """A resource of any kind, of which every use fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __call__(self) -> None:
        """Fail as any call does."""
        raise self._error

    def __getitem__(self, name: str) -> None:
        """Fail as any look-up does."""
        raise self._error

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):  # Dagster looks at what it is given.
            raise AttributeError(name)
        raise self._error


def fail(name: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> dg.ExecuteInProcessResult:
    """Materialize a day of an asset whose resources raise an error."""
    monkeypatch.setattr(tables, "_PATIENCE", dg.RetryPolicy(max_retries=2, delay=0))
    (asset,) = (one for one in assets_of(REGISTRY, period()) if one.key.to_user_string() == name)
    refusing = dg.ResourceDefinition.hardcoded_resource(Refusing(error))
    result = dg.materialize(
        [asset],
        partition_key=period().first_day.isoformat(),
        resources=dict.fromkeys(("hospital", "lake", "warehouse", "streams"), refusing),
        raise_on_error=False,
    )
    assert not result.success
    return result


def retries(result: dg.ExecuteInProcessResult) -> int:
    kind = dg.DagsterEventType.STEP_UP_FOR_RETRY
    return sum(event.event_type == kind for event in result.all_events)


@pytest.mark.parametrize("name", names())
def test_what_a_person_can_mend_comes_first_and_is_not_tried_again(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fail(name, HospitalError(f"{SENTENCE}\n"), monkeypatch)
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    error = failed.step_failure_data.error
    assert error is not None
    assert error.cls_name == "Failure"
    assert error.message.splitlines() == [f"dagster._core.definitions.events.Failure: {SENTENCE}"]
    assert retries(result) == 0


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("warehouse/")])
def test_a_table_is_tried_again_while_a_service_is_away(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fail(name, ServiceAwayError("nobody answers"), monkeypatch)
    assert retries(result) == 2
    (failed,) = (event for event in result.all_events if event.is_step_failure)
    told = failed.step_failure_data.user_failure_data
    assert told is not None
    assert told.description == "nobody answers"
