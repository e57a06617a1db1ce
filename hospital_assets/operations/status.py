"""How the hospital stands: its clock, its days and its rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg

from hospital_assets.calendar.clock import days_due, next_tick
from hospital_assets.calendar.period import Period
from hospital_assets.history.days import days_under_way
from hospital_assets.jobs import BATCH_ASSETS, batch_job
from hospital_assets.presence import whole_days
from hospital_assets.registry import EXTRACTS, IN_BATCH_LAKE, STREAM_TYPES
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream.errors import OtherLogError
from hospital_assets.resources.stream.resource import Streams
from hospital_assets.resources.warehouse.resource import NoSchemaError, Warehouse


@dataclass(frozen=True)
class Status:
    """Clock, days, rows and the streams; before the first start the clock is empty.

    `newest_day` is the last one that is due and there; `days_ahead` are there and not due yet, made
    by hand. The lag is in messages, by the name of the stream; without a broker it is unknown. Of a
    lost log it is said how it was lost: nothing is landed until somebody has chosen how to go on.
    """

    epoch: datetime | None
    tick_seconds: float | None
    campaign_days: float | None
    next_tick: datetime | None
    days_due: int
    days_there: int
    newest_day: date | None
    days_ahead: list[date]
    gaps: list[date]
    under_way: list[date]
    lake_days: dict[str, int]
    table_rows: dict[str, int]
    last_slot: tuple[date, int] | None
    lag: dict[str, int] | None
    lost_logs: dict[str, str]
    dead_letters: dict[str, int]


def status(
    instance: dg.DagsterInstance,
    period: Period,
    lake: Lake,
    warehouse: Warehouse,
    streams: Streams,
    *,
    broker_is_up: bool,
    instant: datetime,
) -> Status:
    """Return how things stand at the instant; a gap is a due day that is not there.

    The lag is asked for only where `broker_is_up`: an embedded one would be started. Raises
    WarehouseError if the database is away, or not for this process to read.
    """
    under_way = days_under_way(instance, batch_job.name, BATCH_ASSETS)
    try:
        campaign, rows = warehouse.campaign(), warehouse.row_counts()
        slots = {
            slot
            for kind in STREAM_TYPES
            for slot in warehouse.counts_by(kind.record, kind.slot_columns)
        }
        present = whole_days(EXTRACTS, lake, warehouse)
    except NoSchemaError:
        campaign, rows, slots, present = None, {}, set(), set()
    due = period.days[: days_due(campaign, period, instant)] if campaign else []
    lag, lost = _lag(streams) if campaign and broker_is_up else (None, {})
    return Status(
        epoch=campaign.epoch if campaign else None,
        tick_seconds=campaign.pace.tick_seconds if campaign else None,
        campaign_days=campaign.pace.campaign_days if campaign else None,
        next_tick=next_tick(campaign, instant) if campaign else None,
        days_due=len(due),
        days_there=len(present.intersection(due)),
        newest_day=max(present.intersection(due), default=None),
        days_ahead=sorted(present.difference(due)),
        gaps=[day for day in due if day not in present],
        under_way=sorted(under_way),
        lake_days={row.name: len(lake.complete_days(row.contract)) for row in IN_BATCH_LAKE},
        table_rows=rows,
        last_slot=max(slots, default=None),
        lag=lag,
        lost_logs=lost,
        dead_letters=_dead_letters(streams) if campaign else {},
    )


def _lag(streams: Streams) -> tuple[dict[str, int], dict[str, str]]:
    """Return how many messages wait in each stream, and of the others how their logs were lost."""
    lag, lost = dict[str, int](), dict[str, str]()
    for name, stream in streams.items():
        try:
            lag[name] = sum(stream.lag().values())
        except OtherLogError as error:
            lost[name] = str(error)
    return lag, lost


def _dead_letters(streams: Streams) -> dict[str, int]:
    found = Counter[str]()
    for stream in streams.values():
        found.update(stream.dead_letter_counts())
    return dict(found)
