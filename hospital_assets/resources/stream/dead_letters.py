"""Dead letters: messages that are no event, kept as they came, with the reason."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import KafkaProducer
from psycopg import sql
from psycopg.types.json import Jsonb

from hospital_assets.resources.stream.connections import Connections, persist, settled
from hospital_assets.resources.stream.wire import BadMessage
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "dead_letters")
_LONGEST_MESSAGE = 500
_MIRROR_AT_ONCE = 500
_ACKNOWLEDGED_SECONDS = 20
_COLUMNS = sql.SQL(
    'topic, partition, "offset", key, value, headers, reason, message, exception, event_id, at, '
    "mirrored_at, replayed_at"
)
_MINE = sql.SQL('topic = %s AND partition = %s AND "offset" = %s')

WireHeaders = list[tuple[str, bytes]]


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


def add(connection: Connection, bad: Iterable[tuple[Any, BadMessage]]) -> int:
    """Store messages of a chunk that are no events, and return how many they were."""
    rows = [
        (
            message.topic, message.partition, message.offset, message.key, message.value,
            Jsonb([[_text(name), (value or b"").hex()] for name, value in message.headers]),
            error.reason, _text(str(error))[:_LONGEST_MESSAGE],
            f"{type(error).__module__}.{type(error).__qualname__}", error.event_id,
        )
        for message, error in bad
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL(
                'INSERT INTO {} (topic, partition, "offset", key, value, headers, reason, message, '
                "exception, event_id) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            ).format(TABLE),
            rows,
        )
    return len(rows)


def find(
    connection: Connection,
    *,
    reason: str | None = None,
    open_only: bool = False,
    limit: int = 100,
) -> list[DeadLetter]:
    """Return dead letters, the latest first; `open_only` leaves out those published again."""
    query = sql.SQL(
        "SELECT {} FROM {} WHERE (%s::text IS NULL OR reason = %s) "
        'AND (NOT %s OR replayed_at IS NULL) ORDER BY at DESC, topic, partition, "offset" DESC '
        "LIMIT %s"
    ).format(_COLUMNS, TABLE)
    return [_letter(row) for row in connection.execute(query, [reason, reason, open_only, limit])]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many dead letters have not been published again, by reason."""
    query = sql.SQL(
        "SELECT reason, count(*) FROM {} WHERE replayed_at IS NULL GROUP BY reason ORDER BY reason"
    ).format(TABLE)
    return dict(connection.execute(query).fetchall())


def get(connection: Connection, topic: str, partition: int, offset: int) -> DeadLetter | None:
    """Return the dead letter at an offset, or None."""
    query = sql.SQL("SELECT {} FROM {} WHERE {}").format(_COLUMNS, TABLE, _MINE)
    row = connection.execute(query, [topic, partition, offset]).fetchone()
    return None if row is None else _letter(row)


def replay(connections: Connections, topic: str, letters: Sequence[DeadLetter]) -> None:
    """Publish messages again as they came, to the topic that is landed now.

    One that is still bad becomes a dead letter of its own, at a new offset; nothing is published
    again by itself.
    """
    remaining = deque(letters)

    def attempt() -> None:
        with connections.database() as connection, connections.producer() as producer:
            while remaining:
                _send_again(connection, producer, topic, remaining[0])
                remaining.popleft()

    persist(attempt, "replay the dead letters", lambda: -len(remaining))


def mirror(connections: Connections, topic: str) -> int:
    """Copy dead letters that were not copied yet to a topic, and return how many.

    At least once: those of a run that died in between are copied again.
    """
    copied = 0
    with connections.database() as connection:
        while letters := _not_mirrored(connection):
            _copy(connections, topic, letters)
            _stamp(connection, "mirrored_at", letters)
            copied += len(letters)
    return copied


def _copy(connections: Connections, topic: str, letters: Sequence[DeadLetter]) -> None:
    with connections.producer() as producer:
        futures = [
            producer.send(topic, key=letter.key, value=letter.value, headers=_with_reason(letter))
            for letter in letters
        ]
        for future in futures:
            settled(future, _ACKNOWLEDGED_SECONDS)


def _send_again(
    connection: Connection, producer: KafkaProducer, topic: str, letter: DeadLetter
) -> None:
    origin = f"{letter.topic}/{letter.partition}/{letter.offset}".encode()
    future = producer.send(
        topic,
        key=letter.key,
        value=letter.value,
        headers=[*letter.headers, ("hospital.replay-of", origin)],
    )
    settled(future, _ACKNOWLEDGED_SECONDS)
    _stamp(connection, "replayed_at", [letter])


def _not_mirrored(connection: Connection) -> list[DeadLetter]:
    query = sql.SQL(
        'SELECT {} FROM {} WHERE mirrored_at IS NULL ORDER BY topic, partition, "offset" LIMIT %s'
    ).format(_COLUMNS, TABLE)
    return [_letter(row) for row in connection.execute(query, [_MIRROR_AT_ONCE])]


def _stamp(connection: Connection, column: str, letters: Sequence[DeadLetter]) -> None:
    query = sql.SQL("UPDATE {} SET {} = now() WHERE {}").format(
        TABLE, sql.Identifier(column), _MINE
    )
    with connection.cursor() as cursor:
        cursor.executemany(query, [(one.topic, one.partition, one.offset) for one in letters])


def _with_reason(letter: DeadLetter) -> WireHeaders:
    """Return the message's headers and, with the names of Kafka Connect, what was wrong."""
    about = {
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
        "stage": "VALUE_CONVERTER",
        "exception.class.name": letter.exception,
        "exception.message": letter.message,
    }
    return [
        *letter.headers,
        *((f"__connect.errors.{name}", text.encode()) for name, text in about.items()),
        ("hospital.reason", letter.reason.encode()),
    ]


def _letter(row: tuple[Any, ...]) -> DeadLetter:
    topic, partition, offset, key, value, headers, *rest = row
    pairs = [(name, bytes.fromhex(content)) for name, content in headers]
    return DeadLetter(topic, partition, offset, key, value, pairs, *rest)


def _text(text: str) -> str:
    # PostgreSQL's texts hold everything but NUL.
    return text.replace("\0", "\ufffd")
