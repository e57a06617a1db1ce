"""Verification of the streams: what was landed, where it lies now, and what the simulation makes.

Each finding names the command that mends it.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from hospital_assets.assets.event_streams import slots_per_day
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.operations.verification import Finding
from hospital_assets.registry import STREAM_TYPES, registration
from hospital_assets.resources.stream.resource import Stream, Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Hospital


def verify_streams(
    hospital: Hospital, warehouse: Warehouse, streams: Streams, days: Period
) -> Iterator[Finding]:
    """Yield what is wrong with the events of the days from the first to the last.

    Files and rows are compared with what was landed, the rows with what the simulation makes.
    """
    for kind in STREAM_TYPES:
        yield from _verify(hospital, warehouse, streams[kind.name], days)


def _verify(
    hospital: Hospital, warehouse: Warehouse, stream: Stream, days: Period
) -> Iterator[Finding]:
    damaged: set[str] = set()
    repair = f"hospital stream repair --stream {stream.kind.name}"
    for one in stream.damages(days):
        damaged.update(one.event_ids)
        command = repair if one.no_event is None else stream.set_aside_command(one.no_event)
        yield Finding(one.day, stream.kind.name, one.place, f"{one.problem}: `{command}`")
    complete = stream.complete_days(slots_per_day(hospital))
    known = complete.union(warehouse.days(stream.kind.record))
    for month in by_month(sorted(day for day in known if day in days)):
        stored = warehouse.read(stream.kind.record, month.days)
        made = _made(hospital, stream, month)
        former = stream.recorded_ids(month.days).difference(made[stream.kind.id_column])
        yield from _foreign(stream, stored, made, damaged, former)
        yield from _lacking(stream, stored, made, complete)


def _made(hospital: Hospital, stream: Stream, month: Period) -> pl.DataFrame:
    """Return what the simulation makes of some days; of those outside its period, nothing."""
    record, period = stream.kind.record, hospital.period
    known = [day for day in month.days if day in period]
    if not known:
        return record.schema.create_empty()
    return registration(record).rows(hospital, Period(known[0], known[-1]), {})


def _foreign(
    stream: Stream,
    stored: pl.DataFrame,
    made: pl.DataFrame,
    damaged: set[str],
    former: set[str],
) -> Iterator[Finding]:
    """Give the events that the simulation doesn't make, but for rows that are damaged.

    `former` has those that our producer has published all the same, when the hospital was another.
    """
    kind = stream.kind
    foreign = stored.join(made, on=made.columns, how="anti", nulls_equal=True).filter(
        ~pl.col(kind.id_column).is_in(list(damaged))
    )
    places = stream.places(foreign[kind.id_column].to_list()) if len(foreign) else {}
    for row in foreign.sort(kind.record.partition_column, kind.id_column).iter_rows(named=True):
        place = places.get(row[kind.id_column])
        if place is not None:
            ours = place.event_id in former
            command = stream.start_over_command if ours else stream.set_aside_command(place)
            yield Finding(
                row[kind.record.partition_column],
                kind.name,
                "stream",
                f"{place.topic} partition {place.partition} offset {place.offset} is an event that"
                f" the simulation doesn't make: `{command}`",
            )


def _lacking(
    stream: Stream, stored: pl.DataFrame, made: pl.DataFrame, complete: set[date]
) -> Iterator[Finding]:
    """Give the days whose slots are complete without an event that the simulation makes."""
    kind = stream.kind
    day = kind.record.partition_column
    lacking = made.join(stored, on=kind.id_column, how="anti").filter(
        pl.col(day).is_in(list(complete))
    )
    for (one,), rows in lacking.group_by(day, maintain_order=True):
        yield Finding(
            one,
            kind.name,
            "stream",
            f"{len(rows)} events were never published, first {rows[kind.id_column][0]}:"
            f" `{stream.start_over_command}`",
        )
