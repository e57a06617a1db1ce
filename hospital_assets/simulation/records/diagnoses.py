"""The record `diagnoses`: everything that is coded of the encounters of a day."""

import numpy as np
import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import as_dates
from hospital_assets.simulation.encounters import encounter_ids, encounters
from hospital_assets.simulation.frames import Frames
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.records.texts import code_series


def records(hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
    """Return a row for each diagnosis of each encounter active on each of the days.

    The encounters are those of `patients`; one whom it lacks raises ValueError.
    """
    rows = encounters(hospital, *hospital.numbers(days))
    lists = hospital.diagnoses.of(rows.diagnosed(hospital))
    codes, titles = code_series(hospital)
    ids = encounter_ids(hospital.seed, rows.number)
    frame = pl.DataFrame(
        {
            "census_date": as_dates(rows.day[lists.encounter]),
            "encounter_id": ids[lists.encounter],
            "sequence": lists.sequence.astype(np.int32),
            "icd10_code": codes.gather(lists.code),
            "description": titles.gather(lists.code),
            "present_on_admission": pl.Series(["N", "Y"]).gather(lists.is_present.astype(np.int64)),
        }
    ).sort("census_date", "encounter_id", "sequence")
    unknown = frame.join(frames["patients"], on=["census_date", "encounter_id"], how="anti")
    if len(unknown):
        raise ValueError(
            f"patients of {unknown['census_date'][0]} lacks {len(unknown)} who have diagnoses"
        )
    return frame
