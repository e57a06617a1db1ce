"""What is read is what the published schema says, for messages that are almost right.

Beyond the schema are the rules that the wire form names: a date and a time exist, a number has no
fraction, the day is that of the departure, and it is one of the hospital's period.
"""

import json
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hospital_assets.calendar.period import Period
from hospital_assets.resources.stream.wire import BadMessage
from tests.stream.sites import TRANSFER_FORM
from tests.stream.test_events import VALIDATOR

EVENT: dict[str, Any] = {
    "transfer_date": "2020-12-01",
    "transfer_id": "4b001cdd-ea8f-5ec7-a412-97a0a51ed896",
    "slot": 1,
    "encounter_id": 1,
    "person_id": 1,
    "department": "Cardiology",
    "ward": "A1",
    "bed": "A1-01",
    "facility": "St. Mary's",
    "reason": "step_down",
    "priority": "urgent",
    "transport": "patient_transport",
    "referring_doctor_id": 1,
    "departed_at": "2020-12-01T04:18:00",
    "schema_version": 1,
}

days = st.dates().map(date.isoformat) | st.sampled_from(
    ["2020-12-01", "20201201", "2020-W49-2", "2020-12-01T00:00:00", "2020-12-32", "2020-2-1", ""]
)
times = st.datetimes().map(lambda at: at.isoformat(timespec="seconds")) | st.sampled_from(
    [
        "2020-12-01T04:18:00",
        "2020-12-01T04:18:00-05:00",
        "2020-12-01T04:18:00+00:00",
        "2020-12-01T04:18:00Z",
        "2020-12-01T04:18:00.500000",
        "2020-12-01T04:18:00.000000",
        "2020-12-01 04:18:00",
        "2020-12-01T04:18",
        "2020-12-01T24:00:00",
        "2020-12-01T23:59:60",
        "2020-12-01T04:18:00\n",
        "2020-13-01T04:18:00",
    ]
)
numbers = st.integers() | st.sampled_from([0, 1, 24, 25, 2**63 - 1, 2**63, 2**64, -1, 1.0, 1.5])
texts = st.text(max_size=90) | st.sampled_from(["\x00", "\x1f", "\x7f", "a\\b", "é", "\u2028", "1"])
anything = days | times | numbers | texts | st.none() | st.booleans() | st.lists(st.integers())
likely = {
    "transfer_date": days,
    "departed_at": times,
    **dict.fromkeys(["slot", "encounter_id", "person_id", "referring_doctor_id"], numbers),
    "schema_version": numbers,
    **dict.fromkeys(["department", "ward", "bed", "facility", "reason"], texts),
}
changes = st.fixed_dictionaries(
    {}, optional={name: likely.get(name, anything) | anything for name in EVENT}
) | st.dictionaries(st.sampled_from([*EVENT, "colour"]), anything, max_size=2)


@settings(deadline=None)
@given(
    change=changes,
    missing=st.sets(st.sampled_from(sorted(EVENT)), max_size=1) | st.just(set()),
    spaces=st.booleans(),
    escapes=st.booleans(),
    same_day=st.booleans(),
)
@example({"departed_at": "2020-12-01T04:18:00-05:00"}, set(), False, False, False)
@example({"departed_at": "2020-12-01T04:18:00.500000"}, set(), False, False, False)
@example({"schema_version": 1.0}, set(), False, False, False)
def test_the_reader_takes_exactly_what_the_schema_does(
    change: dict[str, Any], missing: set[str], spaces: bool, escapes: bool, same_day: bool
) -> None:
    content = EVENT | change
    if same_day and isinstance(content["departed_at"], str):
        content["transfer_date"] = content["departed_at"][:10]
    content = {name: value for name, value in content.items() if name not in missing}
    separators = (", ", ": ") if spaces else (",", ":")
    value = json.dumps(content, ensure_ascii=escapes, separators=separators).encode()

    if VALIDATOR.is_valid(content) and keeps_the_other_rules(content):
        event, canonical = TRANSFER_FORM.read(value)
        assert json.loads(canonical) == content
        assert TRANSFER_FORM.encode(event) == canonical
    else:
        with pytest.raises(BadMessage):
            TRANSFER_FORM.read(value)


def keeps_the_other_rules(content: dict[str, Any]) -> bool:
    """Whether a valid object keeps what the schema can't say."""
    try:
        departed_at = datetime.strptime(content["departed_at"], "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return False
    whole = not any(isinstance(value, float) for value in content.values())
    # strptime knows leap seconds, a clock in PostgreSQL doesn't.
    exists = departed_at.isoformat() == content["departed_at"]
    return whole and exists and content["transfer_date"] == departed_at.date().isoformat()


@pytest.mark.parametrize(
    "change",
    [
        {"departed_at": "2020-12-01T04:18:00-05:00"},
        {"departed_at": "2020-12-01T04:18:00.250000"},
        {"departed_at": "2020-12-02T04:18:00"},
        {"transfer_date": "2020-11-30"},
    ],
    ids=str,
)
def test_canonical_spacing_is_no_excuse(change: dict[str, Any]) -> None:
    value = json.dumps(EVENT | change, separators=(",", ":")).encode()

    with pytest.raises(BadMessage, match=r"^(departed_at|transfer_date): ") as raised:
        TRANSFER_FORM.read(value)
    assert (raised.value.reason, raised.value.event_id) == ("schema", EVENT["transfer_id"])


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2020-11-30", "outside_period"),
        ("2020-12-01", None),
        ("2021-02-28", None),
        ("2021-03-01", "outside_period"),
        ("9999-12-31", "outside_period"),
        ("0001-01-01", "outside_period"),
    ],
)
def test_an_event_of_a_day_that_the_hospital_never_has_is_none(
    day: str, reason: str | None
) -> None:
    value = json.dumps(EVENT | {"transfer_date": day, "departed_at": f"{day}T04:18:00"}).encode()
    period = Period(date(2020, 12, 1), date(2021, 2, 28))

    assert TRANSFER_FORM.decode(value)
    if reason is None:
        assert TRANSFER_FORM.decode(value, within=period)
        return
    with pytest.raises(BadMessage, match="expected a day of 2020-12-01 to 2021-02-28") as raised:
        TRANSFER_FORM.decode(value, within=period)
    assert (raised.value.reason, raised.value.event_id) == (reason, EVENT["transfer_id"])
