"""A whole year of records, month by month so that it fits into memory: what tests ask of it."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from hospital_assets.contracts import RECORD_TYPES
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.laws import LAWS, Frames

_KEPT = (
    "encounter_id",
    "person_id",
    "encounter_class",
    "department",
    "triage",
    "age_years",
    "diagnosis_code",
    "admission_source",
    "admitted_at",
    "discharged_at",
    "disposition",
)
_DAYS_BEFORE = max(law.days_before for law in LAWS)


@dataclass(frozen=True)
class Year:
    """A year: its encounters, each as it was last known, and how many rows break each law.

    `census` has the patients in beds at the end of each day.
    """

    number: int
    encounters: pl.DataFrame
    census: pl.Series
    broken: dict[str, int]


def simulate(hospital: Hospital, number: int) -> Year:
    """Return a year of a hospital, with the laws looked at in every month of it."""
    broken = dict.fromkeys((law.name for law in LAWS), 0)
    encounters, census = [], []
    first_day = date(number, 1, 1)
    before = _frames(hospital, first_day - timedelta(days=_DAYS_BEFORE), first_day - _DAY)
    for month in range(1, 13):
        days = monthrange(number, month)[1]
        frames = _frames(hospital, date(number, month, 1), date(number, month, days))
        longer = {name: pl.concat([before[name], frame]) for name, frame in frames.items()}
        for law in LAWS:
            looked_at = longer if law.days_before else frames
            broken[law.name] += len(law.violations(looked_at, hospital.parameters))
        patients = frames["patients"]
        encounters.append(_last_known(patients))
        in_bed = pl.col("bed").is_not_null() & pl.col("discharged_at").is_null()
        census.append(patients.group_by("census_date", maintain_order=True).agg(in_bed.sum()))
        before = {
            record.name: frames[record.name].filter(
                pl.col(record.partition_column) > date(number, month, days - _DAYS_BEFORE)
            )
            for record in RECORD_TYPES
        }
    return Year(number, _last_known(pl.concat(encounters)), pl.concat(census)["bed"], broken)


_DAY = timedelta(days=1)


def _frames(hospital: Hospital, first: date, last: date) -> Frames:
    records = hospital.between(first, last)
    return {record.name: getattr(records, record.name) for record in RECORD_TYPES}


def _last_known(patients: pl.DataFrame) -> pl.DataFrame:
    return patients.select(_KEPT).unique("encounter_id", keep="last", maintain_order=True)
