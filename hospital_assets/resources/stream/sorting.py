"""What each message of a chunk is: a new event, a known one, or a dead letter. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hospital_assets.resources.stream import wire
from hospital_assets.resources.stream.batches import Unreadable
from hospital_assets.resources.stream.wire import BadMessage


@dataclass
class Sorted:
    """A chunk's messages by kind; each is in exactly one of the three."""

    lines: list[bytes] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)
    bad: list[tuple[Any, BadMessage]] = field(default_factory=list)


@dataclass(frozen=True)
class Read:
    """The messages that are events, and those that are none."""

    events: list[tuple[int, str, bytes, Any]]
    bad: list[tuple[Any, BadMessage]]

    @property
    def ids(self) -> list[str]:
        """The ids of the events."""
        return [event_id for _, event_id, _, _ in self.events]


def read(messages: Iterable[Any]) -> Read:
    """Read each message on its own."""
    found = Read([], [])
    for message in messages:
        try:
            event, line = wire.read(message.value, message.headers)
        except BadMessage as error:
            found.bad.append((message, _unread(message) or error))
        else:
            event_id: str = event.transfer_id  # type: ignore[attr-defined]
            found.events.append((message.offset, event_id, line, message))
    return found


def _unread(message: Any) -> BadMessage | None:
    """Return why nothing is known of a message, or None where it came."""
    if not isinstance(message, Unreadable):
        return None
    return BadMessage("unreadable", message.explanation)


def sort(found: Read, stored: Mapping[str, bytes]) -> Sorted:
    """Tell new events from those stored before or in this chunk, and from contradictions.

    `stored` has the canonical bytes of the events that are in the table already.
    """
    known = dict(stored)
    result = Sorted(bad=list(found.bad))
    for offset, event_id, line, message in found.events:
        before = known.setdefault(event_id, line)
        if before is line:
            result.lines.append(line)
        elif before == line:
            result.duplicates.append(offset)
        else:
            error = BadMessage("contradiction", f"{event_id} is stored otherwise", event_id)
            result.bad.append((message, error))
    return result
