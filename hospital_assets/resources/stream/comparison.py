"""What lies in files and table, compared with what was landed: nothing is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl
from psycopg import sql

from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.stream import landed_ranges, rows, wire
from hospital_assets.resources.stream.files import StreamFolder, digest
from hospital_assets.resources.stream.landed_ranges import LandedRange, Place
from hospital_assets.resources.warehouse.loading import Connection, table


@dataclass(frozen=True)
class Damage:
    """A place that has not what was landed.

    Of the events `event_ids` nothing else can be said before it is mended: of a file, all of its.
    `no_event` is where a message lies that an earlier version has landed and that is no event: its
    row and its line never agree, so it has to be set aside.
    """

    day: date
    place: Literal["lake", "database"]
    problem: str
    event_ids: Sequence[str] = ()
    no_event: Place | None = None


def damages(
    connection: Connection, folder: StreamFolder, kind: StreamType, first_day: date, last_day: date
) -> Iterator[Damage]:
    """Give what is damaged of the events of some days: files, rows, and rows of no event."""
    for entry in landed_ranges.of_days(connection, kind, first_day, last_day):
        for damage in _of_range(connection, folder, kind, entry, first_day):
            if first_day <= damage.day <= last_day:
                yield damage
    query = sql.SQL("SELECT {}, {} FROM {} WHERE {} = ANY(%s) ORDER BY 1, 2").format(
        sql.Identifier(kind.record.partition_column),
        sql.Identifier(kind.id_column),
        table(kind.record),
        sql.Identifier(kind.id_column),
    )
    for day, event_id in connection.execute(query, [rows.strays(connection, kind)]):
        if first_day <= day <= last_day:
            problem = f"{event_id} is the row of no landed event"
            yield Damage(day, "database", problem, [event_id])


def _of_range(
    connection: Connection,
    folder: StreamFolder,
    kind: StreamType,
    entry: LandedRange,
    unknown_day: date,
) -> Iterator[Damage]:
    places = landed_ranges.events(connection, entry)
    stored = rows.stored(connection, kind, [one.event_id for one in places])
    name = folder.store.place(folder.relative(str(entry.name)))
    try:
        content = folder.read(str(entry.name))
        fault = "" if digest(content) == entry.sha256 else "is not what was landed"
    except FileNotFoundError:
        content, fault = b"", "is gone"
    lines: Sequence[bytes] = [] if fault else content.splitlines()
    days = _days(kind, lines or list(stored.values()))
    form = wire.form(kind)
    if fault:
        day = min(days, default=unknown_day)
        yield Damage(day, "lake", f"{name} {fault}", [one.event_id for one in places])
    for number, place in enumerate(places):
        where = f"{place.topic} partition {place.partition} offset {place.offset}"
        row = stored.get(place.event_id)
        if lines and (problem := form.problem(lines[number])):
            yield Damage(
                days[number], "lake", f"{where} is no event: {problem}", [place.event_id], place
            )
            continue
        if row is None:
            day = days[number] if lines else unknown_day
            problem = f"the row of {where} is gone"
        elif lines and row != lines[number]:
            day = days[number]
            problem = f"the row of {where} is not the event that was landed"
        else:
            continue
        yield Damage(day, "database", problem, [place.event_id])


def _days(kind: StreamType, lines: Sequence[bytes]) -> list[date]:
    column = kind.record.partition_column
    if not lines:
        return []
    days = pl.read_ndjson(b"\n".join(lines), schema={column: pl.String})[column]
    return days.str.to_date().to_list()
