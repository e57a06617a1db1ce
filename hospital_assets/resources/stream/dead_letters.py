"""Dead letters: messages that are no event, kept as they came, with the reason."""

import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import KafkaProducer
from kafka.errors import MessageSizeTooLargeError, RecordListTooLargeError
from psycopg import sql
from psycopg.types.json import Jsonb

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import rows, set_aside_events, wire
from hospital_assets.resources.stream.connections import Connections, persist, settled
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.wire import BadMessage
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "dead_letters")
_LONGEST_MESSAGE = 500
_MIRROR_AT_ONCE = 500
_MIRROR_BYTES = 32 * 2**20
_ACKNOWLEDGED_SECONDS = 20
_COLUMNS = sql.SQL(
    'topic, partition, "offset", key, value, headers, reason, message, exception, event_id, at, '
    "mirrored_at, replayed_at"
)
_MINE = sql.SQL('topic = %s AND partition = %s AND "offset" = %s')

_TOO_LARGE = (MessageSizeTooLargeError, RecordListTooLargeError)
# Stands in a name for what is no UTF-8, or what PostgreSQL's texts can't hold.
_REPLACED = "\ufffd"

WireHeaders = list[tuple[str, bytes | None]]


@dataclass(frozen=True)
class DeadLetter:
    """A message that could not be landed: where it lies, what it holds, and why."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: WireHeaders
    reason: str
    message: str
    exception: str
    event_id: str | None
    at: datetime
    mirrored_at: datetime | None
    replayed_at: datetime | None


@dataclass(frozen=True)
class LetterSummary:
    """A dead letter without what it holds; `bytes` is the size of its value, None without one."""

    topic: str
    partition: int
    offset: int
    reason: str
    message: str
    event_id: str | None
    bytes: int | None
    at: datetime
    replayed_at: datetime | None


def add(connection: Connection, stream: str, bad: Iterable[tuple[Any, BadMessage]]) -> int:
    """Store messages of a chunk that are no events, and return how many they were."""
    rows = [
        (
            message.topic, message.partition, message.offset, stream, message.key, message.value,
            Jsonb([[_text(name), _hex(value)] for name, value in message.headers]),
            error.reason, _text(str(error))[:_LONGEST_MESSAGE],
            f"{type(error).__module__}.{type(error).__qualname__}", error.event_id,
        )
        for message, error in bad
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL(
                'INSERT INTO {} (topic, partition, "offset", stream, key, value, headers, reason, '
                "message, exception, event_id) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            ).format(TABLE),
            rows,
        )
    return len(rows)


def summaries(
    connection: Connection, stream: str, *, reason: str | None, open_only: bool, limit: int
) -> list[LetterSummary]:
    """Return dead letters, the latest first; `open_only` leaves out those published again.

    Their keys, headers and values stay where they are: these may be large.
    """
    query = sql.SQL(
        'SELECT topic, partition, "offset", reason, message, event_id, octet_length(value), at, '
        "replayed_at FROM {} WHERE stream = %s AND (%s::text IS NULL OR reason = %s) "
        'AND (NOT %s OR replayed_at IS NULL) ORDER BY at DESC, topic, partition, "offset" DESC '
        "LIMIT %s"
    ).format(TABLE)
    found = connection.execute(query, [stream, reason, reason, open_only, limit])
    return [LetterSummary(*row) for row in found]


def counts(connection: Connection, stream: str) -> dict[str, int]:
    """Return how many dead letters have not been published again, by reason."""
    query = sql.SQL(
        "SELECT reason, count(*) FROM {} WHERE stream = %s AND replayed_at IS NULL "
        "GROUP BY reason ORDER BY reason"
    ).format(TABLE)
    return dict(connection.execute(query, [stream]).fetchall())


def offsets(connection: Connection, topic: str, partition: int) -> set[int]:
    """Return the offsets of a partition's dead letters."""
    query = sql.SQL('SELECT "offset" FROM {} WHERE topic = %s AND partition = %s').format(TABLE)
    return {offset for (offset,) in connection.execute(query, [topic, partition])}


def get(connection: Connection, topic: str, partition: int, offset: int) -> DeadLetter | None:
    """Return the dead letter at an offset, or None."""
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(_COLUMNS, TABLE, _MINE)
    row = connection.execute(query, [topic, partition, offset]).fetchone()
    return None if row is None else _letter(row)


def replay(
    connections: Connections,
    kind: StreamType,
    period: Period,
    topic: str,
    letters: Sequence[DeadLetter],
) -> None:
    """Publish messages again as they came, to the topic that is landed now.

    Nothing is published again by itself. Raises StreamError, before anything is sent, if one can't
    be sent as it came, or could only become a dead letter once more.
    """
    for letter in letters:
        if (obstacle := _obstacle(letter)) is not None:
            raise _not_replayed(letter, obstacle)

    def faults() -> list[str | None]:
        with connections.database() as connection:
            return [_fault(connection, kind, period, letter) for letter in letters]

    for letter, fault in zip(letters, persist(faults, "look at the dead letters"), strict=True):
        if fault is not None:
            raise _not_replayed(letter, f"it would only fail again: {fault}")
    remaining = deque(letters)

    def attempt() -> None:
        with connections.database() as connection, connections.producer() as producer:
            while remaining:
                _send_again(connection, producer, kind, topic, remaining[0])
                remaining.popleft()

    persist(attempt, "replay the dead letters", lambda: -len(remaining))


def mirror(connections: Connections, stream: str, topic: str) -> int:
    """Copy a stream's dead letters that were not copied yet to a topic, and return how many.

    At least once: those of a run that died in between are copied again.
    """
    copied = 0
    with connections.database() as connection:
        while letters := _not_mirrored(connection, stream):
            _copy(connections, topic, letters)
            _stamp(connection, "mirrored_at", letters)
            copied += len(letters)
    return copied


def _copy(connections: Connections, topic: str, letters: Sequence[DeadLetter]) -> None:
    with connections.producer() as producer:
        futures = [_send_copy(producer, topic, letter) for letter in letters]
        for letter, future in zip(letters, futures, strict=True):
            try:
                settled(future, _ACKNOWLEDGED_SECONDS)
            except _TOO_LARGE:  # for the broker
                notice = producer.send(topic, **_as_noticed(letter))
                settled(notice, _ACKNOWLEDGED_SECONDS)


def _send_copy(producer: KafkaProducer, topic: str, letter: DeadLetter) -> Any:
    try:
        return producer.send(topic, **_as_copied(letter))
    except _TOO_LARGE:  # for the client
        return producer.send(topic, **_as_noticed(letter))


def _send_again(
    connection: Connection,
    producer: KafkaProducer,
    kind: StreamType,
    topic: str,
    letter: DeadLetter,
) -> None:
    origin = f"{letter.topic}/{letter.partition}/{letter.offset}".encode()
    try:
        future = producer.send(
            topic,
            key=letter.key,
            value=letter.value,
            headers=[*letter.headers, ("hospital.replay-of", origin)],
        )
        settled(future, _ACKNOWLEDGED_SECONDS)
    except _TOO_LARGE:
        raise _not_replayed(letter, "it is larger than a message may be") from None
    with connection.transaction():
        _stamp(connection, "replayed_at", [letter])
        if letter.reason == "set_aside":
            set_aside_events.forget(connection, kind.name, letter.event_id)


def _obstacle(letter: DeadLetter) -> str | None:
    """Return why Kafka's client can't send a message as it came, or None if it can."""
    if letter.reason == "unreadable":
        return letter.message
    if letter.key is None and letter.value is None:
        return "it has neither key nor value, and the client sends none without both"
    for name, value in letter.headers:
        if value is None:
            return f"its header {name!r} is null, and the client sends no such header"
        if _REPLACED in name:
            return f"the name of its header {name!r} is no text that the client could send"
    return None


def _fault(
    connection: Connection, kind: StreamType, period: Period, letter: DeadLetter
) -> str | None:
    """Return why a message would become a dead letter again, or None if it would be landed."""
    form = wire.form(kind)
    try:
        event, line = form.read(letter.value, letter.headers, period)
    except BadMessage as error:
        return str(error)
    event_id = form.id_of(event)
    stored = rows.stored(connection, kind, [event_id])
    if stored.get(event_id, line) != line:
        return f"{event_id} is stored otherwise; set that one aside first if it is the wrong one"
    return None


def _not_replayed(letter: DeadLetter, obstacle: str) -> StreamError:
    place = f"{letter.topic} partition {letter.partition} offset {letter.offset}"
    return StreamError(f"{place} can't be replayed: {obstacle}")


def _not_mirrored(connection: Connection, stream: str) -> list[DeadLetter]:
    query = sql.SQL(
        "SELECT {} FROM (SELECT *, sum(octet_length(value)) OVER following AS bytes_before FROM {} "
        "WHERE stream = %s AND mirrored_at IS NULL WINDOW following AS "
        '(ORDER BY topic, partition, "offset" '
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) "
        'ORDER BY topic, partition, "offset" LIMIT %s) AS waiting '
        "WHERE coalesce(bytes_before, 0) < %s"
    ).format(_COLUMNS, TABLE)
    rows = connection.execute(query, [stream, _MIRROR_AT_ONCE, _MIRROR_BYTES])
    return [_letter(row) for row in rows]


def _stamp(connection: Connection, column: str, letters: Sequence[DeadLetter]) -> None:
    query = sql.SQL("UPDATE {} SET {} = now() WHERE {}").format(
        TABLE, sql.Identifier(column), _MINE
    )
    with connection.cursor() as cursor:
        cursor.executemany(query, [(one.topic, one.partition, one.offset) for one in letters])


def _as_copied(letter: DeadLetter) -> dict[str, Any]:
    """Return a copy to send; what the client can't send is empty, and a header says that."""
    nulls = [name for name, value in letter.headers if value is None]
    headers = [(name, value or b"") for name, value in letter.headers] + _reason(letter)
    if nulls:
        headers.append(("hospital.null-headers", json.dumps(nulls).encode()))
    if letter.key is not None or letter.value is not None:
        return {"key": letter.key, "value": letter.value, "headers": headers}
    return {"value": b"", "headers": [*headers, ("hospital.value", b"null")]}


def _as_noticed(letter: DeadLetter) -> dict[str, Any]:
    """Return what is sent of a message that is too large for the topic: where it is, and why."""
    return {"value": b"", "headers": [*_reason(letter), ("hospital.value", b"too large")]}


def _reason(letter: DeadLetter) -> list[tuple[str, bytes]]:
    """Return headers that say, with the names of Kafka Connect, what was wrong."""
    about = {
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
        "stage": "VALUE_CONVERTER",
        "exception.class.name": letter.exception,
        "exception.message": letter.message,
    }
    return [
        *((f"__connect.errors.{name}", text.encode()) for name, text in about.items()),
        ("hospital.reason", letter.reason.encode()),
    ]


def _letter(row: tuple[Any, ...]) -> DeadLetter:
    topic, partition, offset, key, value, headers, *rest = row
    pairs = [
        (name, None if content is None else bytes.fromhex(content)) for name, content in headers
    ]
    return DeadLetter(topic, partition, offset, key, value, pairs, *rest)


def _text(text: str) -> str:
    # PostgreSQL's texts hold everything but NUL.
    return text.replace("\0", _REPLACED)


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
