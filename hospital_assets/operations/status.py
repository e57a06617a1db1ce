"""How the hospital stands: its clock, its days and its rows."""

from dataclasses import dataclass
from datetime import date, datetime

import dagster as dg

from hospital_assets.clock import PERIOD, days_due, next_tick
from hospital_assets.contracts import DERIVED_TYPES, RECORD_TYPES, TRANSFERS
from hospital_assets.jobs import BATCH_ASSETS, batch_job
from hospital_assets.progress import days_under_way, materialized_days
from hospital_assets.resources.lake import Lake
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse, WarehouseError

_TABLES = (*RECORD_TYPES, *DERIVED_TYPES)


@dataclass(frozen=True)
class Status:
    """Clock, days, rows and the stream; before the first start the clock is empty.

    Without a broker the lag is unknown.
    """

    epoch: datetime | None
    tick_seconds: float | None
    campaign_days: float | None
    next_tick: datetime | None
    days_due: int
    days_materialized: int
    newest_day: date | None
    gaps: list[date]
    under_way: list[date]
    lake_days: dict[str, int]
    table_rows: dict[str, int]
    last_slot: tuple[date, int] | None
    lag: dict[int, int] | None
    dead_letters: dict[str, int]


def status(
    instance: dg.DagsterInstance,
    lake: Lake,
    warehouse: Warehouse,
    stream: Stream,
    instant: datetime,
) -> Status:
    """Return how things stand at the instant; a gap is a due day that is not there."""
    present = materialized_days(instance, BATCH_ASSETS)
    under_way = days_under_way(instance, batch_job.name, BATCH_ASSETS)
    try:
        campaign, rows = warehouse.campaign(), warehouse.row_counts(_TABLES)
        slots = warehouse.counts_by(TRANSFERS, ("transfer_date", "slot"))
    except WarehouseError:
        campaign, rows, slots = None, {}, {}
    due = PERIOD.days(0, days_due(campaign, PERIOD, instant)) if campaign else []
    return Status(
        epoch=campaign.epoch if campaign else None,
        tick_seconds=campaign.tick_seconds if campaign else None,
        campaign_days=campaign.campaign_days if campaign else None,
        next_tick=next_tick(campaign, instant) if campaign else None,
        days_due=len(due),
        days_materialized=len(present),
        newest_day=max(present, default=None),
        gaps=[day for day in due if day not in present],
        under_way=sorted(under_way),
        lake_days={record.name: len(lake.days(record)) for record in RECORD_TYPES},
        table_rows=rows,
        last_slot=max(slots, default=None),
        lag=stream.lag() if campaign and stream.is_up() else None,
        dead_letters=stream.dead_letter_counts() if campaign else {},
    )
