"""What each message of a chunk is: a new event, a known one, or a dead letter. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hospital_assets.calendar.period import Period
from hospital_assets.resources.stream.batches import Unreadable
from hospital_assets.resources.stream.wire import BadMessage, WireForm


class ReadEvent(NamedTuple):
    """A message that is an event: its offset, id and canonical bytes, and the message itself."""

    offset: int
    id: str
    line: bytes
    message: Any


@dataclass
class Sorted:
    """A chunk's messages by kind; each is in exactly one of the three."""

    new: list[ReadEvent] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    bad: list[tuple[Any, BadMessage]] = field(default_factory=list)

    @property
    def lines(self) -> list[bytes]:
        """The canonical bytes of the new events."""
        return [event.line for event in self.new]


@dataclass(frozen=True)
class Read:
    """The messages that are events, and those that are none."""

    events: list[ReadEvent]
    bad: list[tuple[Any, BadMessage]]

    @property
    def ids(self) -> list[str]:
        """The ids of the events."""
        return [event.id for event in self.events]


def read(form: WireForm, messages: Iterable[Any], within: Period | None = None) -> Read:
    """Read each message on its own; an event of a day outside `within` is none."""
    found = Read([], [])
    for message in messages:
        try:
            event, line = form.read(message.value, message.headers, within)
        except BadMessage as error:
            found.bad.append((message, _unread(message) or error))
        else:
            found.events.append(ReadEvent(message.offset, form.id_of(event), line, message))
    return found


def _unread(message: Any) -> BadMessage | None:
    """Return why nothing is known of a message, or None where it came."""
    if not isinstance(message, Unreadable):
        return None
    return BadMessage("unreadable", message.explanation)


def sort(found: Read, stored: Mapping[str, bytes], set_aside: Mapping[str, int]) -> Sorted:
    """Tell new events from those stored before or in this chunk, and from contradictions.

    `stored` has the canonical bytes of the events that are in the table already, `set_aside` the
    offset before which an event was set aside and stays so.
    """
    known = dict(stored)
    result = Sorted(bad=list(found.bad))
    for event in found.events:
        if event.offset < set_aside.get(event.id, 0):
            error = BadMessage("set_aside", "it was set aside, and stays so", event.id)
            result.bad.append((event.message, error))
            continue
        before = known.setdefault(event.id, event.line)
        if before is event.line:
            result.new.append(event)
        elif before == event.line:
            result.duplicates.append(event.offset)
        else:
            error = BadMessage("contradiction", f"{event.id} is stored otherwise", event.id)
            result.bad.append((event.message, error))
    return result
