"""What each message is, told by its bytes and by what is known of its event."""

import json
from datetime import date
from typing import Any

import pytest
from kafka.consumer.fetcher import ConsumerRecord

from hospital_assets.calendar.period import Period
from hospital_assets.resources.stream import sorting
from hospital_assets.resources.stream.batches import Unreadable
from tests.stream.sites import TRANSFER_FORM
from tests.stream.test_acceptance import EVENT

ID = str(EVENT["transfer_id"])
OTHER = ID.replace(ID[0], "0" if ID[0] != "0" else "1", 1)
LINE = TRANSFER_FORM.decode(json.dumps(EVENT).encode())


def message(offset: int, headers: Any = (), **changes: Any) -> Any:
    value = json.dumps(EVENT | changes).encode()
    return ConsumerRecord("t", 0, 0, offset, 0, 0, None, value, list(headers), None, -1, 0, -1)


def read(*messages: Any) -> sorting.Read:
    return sorting.read(TRANSFER_FORM, messages, Period(date(2020, 12, 1), date(2021, 1, 31)))


def stored(event: sorting.ReadEvent) -> bytes:
    """Return the line of an event as the table gives it: the same bytes, made anew."""
    return bytes(bytearray(event.line))


def reasons(bad: list[Any]) -> list[tuple[int, str, str | None]]:
    return [(one.offset, error.reason, error.event_id) for one, error in bad]


def test_each_message_is_an_event_or_none() -> None:
    spoiled = Unreadable("t", 0, 3, 6, "failed crc check")
    found = read(
        message(0),
        message(1, slot="one"),
        message(2, transfer_id=OTHER),
        spoiled,
        message(6, headers=[("ce_type", b"org.example.other")]),
        message(7, transfer_date="2021-02-01", departed_at="2021-02-01T04:18:00"),
        message(8, transfer_id="no id"),
    )

    assert [(one.offset, one.id) for one in found.events] == [(0, ID), (2, OTHER)]
    assert found.ids == [ID, OTHER]
    assert found.events[0].line == TRANSFER_FORM.encode(LINE)
    assert reasons(found.bad) == [
        (1, "schema", ID), (3, "unreadable", None), (6, "other_type", None),
        (7, "outside_period", ID), (8, "schema", None),
    ]  # fmt: skip
    assert str(found.bad[1][1]) == "the offsets 3 to 5 can't be read: failed crc check"


def test_an_event_is_new_once_and_a_duplicate_from_then_on() -> None:
    found = read(message(0), message(1), message(2, transfer_id=OTHER), message(3))

    result = sorting.sort(found, {}, {})
    assert [one.offset for one in result.new] == [0, 2]
    assert result.lines == [one.line for one in result.new]
    assert result.duplicates == [1, 3]
    assert result.bad == []

    result = sorting.sort(found, {ID: stored(found.events[0])}, {})
    assert [one.offset for one in result.new] == [2]
    assert result.duplicates == [0, 1, 3]


def test_what_is_stored_otherwise_is_a_contradiction() -> None:
    found = read(message(0), message(1, bed="elsewhere"), message(2, bed=7))

    result = sorting.sort(found, {}, {})
    assert [one.offset for one in result.new] == [0]
    assert reasons(result.bad) == [(2, "schema", ID), (1, "contradiction", ID)]
    # The same bytes as those of the table are none; which came first counts.
    result = sorting.sort(found, {ID: stored(found.events[1])}, {})
    assert (result.new, result.duplicates) == ([], [1])
    assert reasons(result.bad)[1:] == [(0, "contradiction", ID)]


@pytest.mark.parametrize("end", [0, 1, 2])
def test_an_event_stays_set_aside_up_to_an_offset(end: int) -> None:
    found = read(message(0), message(1), message(2, transfer_id=OTHER))

    result = sorting.sort(found, {}, {ID: end})
    assert reasons(result.bad) == [(offset, "set_aside", ID) for offset in range(end)]
    assert [one.offset for one in result.new] == ([0, 2] if end == 0 else [1, 2])[end == 2 :]
