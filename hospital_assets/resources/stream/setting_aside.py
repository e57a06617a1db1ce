"""Setting a landed event aside: it becomes a dead letter, as if it had never been a row."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from hospital_assets.resources.stream import (
    dead_letters,
    landed_ranges,
    offsets,
    published_slots,
    rows,
    set_aside_events,
)
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import digest, joined
from hospital_assets.resources.stream.landed_ranges import LandedRange, Place
from hospital_assets.resources.stream.recovery import Recovery
from hospital_assets.resources.stream.wire import BadMessage


class _Line(NamedTuple):
    """A message of which the log holds nothing any more: what the file has of it."""

    topic: str
    partition: int
    offset: int
    value: bytes
    key: None = None
    headers: tuple[()] = ()


def set_aside(recovery: Recovery, topic: str, partition: int, offset: int) -> Place:
    """Take a landed event out of table and file, and keep it as a dead letter; return it.

    All of it is one transaction. The event stays set aside if the stream is started over. A slot
    that consists of it among others is published again by the next run. Raises StreamError if no
    landed event lies there.
    """
    connection, kind = recovery.connection, recovery.kind
    with connection.transaction():
        offsets.lock(connection, topic, partition)
        entry = landed_ranges.holding(connection, topic, partition, offset)
        places = [] if entry is None else landed_ranges.events(connection, entry)
        number = next((n for n, one in enumerate(places) if one.offset == offset), None)
        if entry is None or number is None:
            raise StreamError(
                f"{topic} partition {partition} offset {offset} is no landed event;"
                " `hospital dead-letters list` has what is set aside already"
            )
        lines, place = recovery.lines(entry), places[number]
        message = _message(recovery, place, lines[number])
        error = BadMessage("set_aside", "it was set aside by a command", place.event_id)
        dead_letters.add(connection, kind.name, [(message, error)])
        set_aside_events.remember(connection, kind.name, topic, place.event_id)
        rows.remove(connection, kind, [place.event_id])
        published_slots.publish_again_with(connection, kind.name, place.event_id)
        _shorten(recovery, entry, places, lines, number)
    return place


def _message(recovery: Recovery, place: Place, line: bytes) -> Any:
    """Return the message as it came, if the log still holds it."""
    if place.topic == recovery.log:
        beginnings, _ = recovery.reader.bounds(place.partition + 1)
        if beginnings[place.partition] <= place.offset:
            chunk = recovery.reader.read(place.partition, place.offset, place.offset + 1)
            for message in chunk.messages:
                return message
    return _Line(place.topic, place.partition, place.offset, line)


def _shorten(
    recovery: Recovery,
    entry: LandedRange,
    places: Sequence[Place],
    lines: Sequence[bytes],
    number: int,
) -> None:
    """Take a line out of a file and its entry.

    The file comes last but before the commit: where that fails, the next landing brings back the
    file that the entry names.
    """
    left = [line for place, line in enumerate(lines) if place != number]
    kept = [place for place in places if place is not places[number]]
    content = joined(left)
    landed_ranges.shorten(
        recovery.connection,
        entry,
        kept,
        len(content),
        digest(content) if left else None,
    )
    if left:
        recovery.folder.replace(str(entry.name), content)
    else:
        recovery.folder.put_aside([str(entry.name)])
