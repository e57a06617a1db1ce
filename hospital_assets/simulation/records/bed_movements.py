"""The record `bed_movements`: every time in a bed that touches a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates, as_instants
from hospital_assets.simulation.encounters import active, encounter_ids, stay_numbers
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters.beds import HIGH_CARE, INTENSIVE
from hospital_assets.simulation.records.texts import bed_series
from hospital_assets.simulation.stays.bed_allocation import BedTimes
from hospital_assets.simulation.stays.grouping import place_in_run

_REASONS = (
    "admission",
    "birth",
    "intensive_care",
    "high_care",
    "step_down",
    "overflow",
    "ward_move",
)


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each time in a bed that touches one of the days.

    The stays are those of `patients`; one whom it lacks raises ValueError.
    """
    first, last = hospital.numbers(days)
    beds = hospital.stays.beds
    row, day = active(beds.begin, beds.end, first, last)
    pools = hospital.parameters.inpatients.beds.pools
    wards, names = bed_series(hospital)
    sequence = place_in_run(beds.stay) + 1
    over = beds.end[row] < (day + 1) * MINUTES_PER_DAY
    frame = (
        pl.DataFrame(
            {
                "census_date": as_dates(day),
                "encounter_id": encounter_ids(
                    hospital.seed, stay_numbers(hospital, beds.stay[row])
                ),
                "sequence": sequence[row].astype(np.int32),
                "department": pl.Series([pool.department for pool in pools]).gather(beds.pool[row]),
                "ward": wards.gather(beds.bed[row]),
                "bed": names.gather(beds.bed[row]),
                "started_at": as_instants(beds.begin[row]),
                "ended_at": as_instants(beds.end[row]),
                "reason": _reasons(hospital, beds).gather(row),
                "over": over,
            }
        )
        .with_columns(pl.when("over").then("ended_at"))
        .drop("over")
        .sort("census_date", "encounter_id", "sequence")
    )
    unknown = frame.join(frames["patients"], on=["census_date", "encounter_id"], how="anti")
    if len(unknown):
        raise ValueError(
            f"patients of {unknown['census_date'][0]} lacks {len(unknown)} who lie in beds"
        )
    return frame


def _reasons(hospital: Hospital, beds: BedTimes) -> pl.Series:
    """Return why each patient came into the bed."""
    model = hospital.stay_model
    kinds = np.array([pool.kind for pool in model.pools.pools])[beds.pool]
    intensive, high = kinds == INTENSIVE, kinds == HIGH_CARE
    before = np.concatenate([[0], beds.pool[:-1]])
    from_unit = model.pools.is_unit[before] & ~beds.is_first
    moved_in_unit = from_unit & (before == beds.pool)
    born_here = hospital.stays.timelines.gestation[beds.stay] >= 0
    reason = np.select(
        [
            beds.is_first & born_here,
            beds.is_first,
            moved_in_unit,
            intensive,
            high & ~from_unit,
            from_unit,
            beds.pool != beds.asked_pool,
        ],
        [1, 0, 6, 2, 3, 4, 5],
        6,
    )
    return pl.Series(_REASONS).gather(reason)
