"""Which days are there, by what lies in the lake and in the tables.

No log is asked: a day that was only reported as made, or whose files or rows are gone, is missing.
"""

from collections.abc import Iterable
from datetime import date

from hospital_assets.registry import IN_BATCH_LAKE, Registration
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream.resource import Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.simulation import Hospital


def whole_days(rows: Iterable[Registration], lake: Lake, warehouse: Warehouse) -> set[date]:
    """Return the days on which every one of the records lies in the lake and in its table.

    The table of people keeps no days. The foreign keys of the others vouch for it: whom a day's
    rows refer to is there.
    """
    found: list[set[date]] = []
    for record in (row.contract for row in rows):
        found.append(lake.complete_days(record))
        if record.is_daily:
            found.append(set(warehouse.days(record)))
    return set.intersection(*found)


def landed_days(streams: Streams, hospital: Hospital) -> set[date]:
    """Return the days whose slots of every stream are published and landed, each event of them."""
    a_day = hospital.parameters.transfers.slots_per_day
    return set.intersection(*(stream.complete_days(a_day) for stream in streams.values()))


def finished_days(
    lake: Lake, warehouse: Warehouse, streams: Streams, hospital: Hospital
) -> set[date]:
    """Return the days of which everything is there: every record, landed or counted too."""
    return whole_days(IN_BATCH_LAKE, lake, warehouse) & landed_days(streams, hospital)
