"""The record `bed_movements`: every time in a bed that touches a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY, as_dates, as_instants
from hospital_assets.simulation.encounters import active, encounter_ids, stay_numbers
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.parameters.beds import HIGH_CARE, INTENSIVE
from hospital_assets.simulation.records.texts import bed_series
from hospital_assets.simulation.stays.bed_allocation import BedTimes

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
    sequence = row - np.searchsorted(beds.stay, beds.stay[row]) + 1
    over = beds.end[row] < (day + 1) * MINUTES_PER_DAY
    frame = (
        pl.DataFrame(
            {
                "census_date": as_dates(day),
                "encounter_id": encounter_ids(
                    hospital.seed, stay_numbers(hospital, beds.stay[row])
                ),
                "sequence": sequence.astype(np.int32),
                "department": pl.Series([pool.department for pool in pools]).gather(beds.pool[row]),
                "ward": wards.gather(beds.bed[row]),
                "bed": names.gather(beds.bed[row]),
                "started_at": as_instants(beds.begin[row]),
                "ended_at": as_instants(beds.end[row]),
                "reason": _reasons(hospital, beds, row),
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


def _reasons(hospital: Hospital, beds: BedTimes, row: Integers) -> pl.Series:
    """Return why each patient came into the bed of each row of the times in beds."""
    pools = hospital.stay_model.pools
    pool, is_first = beds.pool[row], beds.is_first[row]
    before = beds.pool[np.maximum(row - 1, 0)]
    from_unit = pools.is_unit[before] & ~is_first
    born_here = hospital.stays.timelines.gestation[beds.stay[row]] >= 0
    reason = np.select(
        [
            is_first & born_here,
            is_first,
            from_unit & (before == pool),
            pool == pools.of_kind(INTENSIVE),
            (pool == pools.of_kind(HIGH_CARE)) & ~from_unit,
            from_unit,
            pool != beds.asked_pool[row],
        ],
        [1, 0, 6, 2, 3, 4, 5],
        6,
    )
    return pl.Series(_REASONS).gather(reason)
