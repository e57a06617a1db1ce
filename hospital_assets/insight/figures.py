"""The figures that pictures show: counted from records, a month at a time."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from hospital_assets.simulation import Frames, Parameters

# Illnesses by their ICD-10 codes, as the pictures name them.
ILLNESSES = {
    "COVID-19": "^U07",
    "Influenza": "^J11",
    "Bronchiolitis": "^J21",
    "Gastroenteritis": "^A09",
    "Pneumonia": "^J18",
    "Tuberculosis, HIV": "^(A1[56]|B20)",
    "Heart failure": "^I50",
    "Stroke": "^I6[13]",
    "Diabetes": "^E1[01]",
    "Sepsis": "^A41",
    "Injuries": "^(S|T07)",
    "Burns": "^T30",
    "Cancer": "^C",
    "Mental illness": "^F[23]",
    "Delivery": "^O8",
    "Preterm birth": "^P07",
}
# Five years an age band; the last one is open.
AGE_BAND, OLDEST_BAND = 5, 85
SETTINGS = ("emergency", "outpatient", "inpatient")

# Figures by their names, the keys of FIGURES.
Figures = Mapping[str, pl.DataFrame]

_HERE = pl.col("admitted_at").dt.date() == pl.col("census_date")
_CLASS = pl.col("encounter_class").cast(pl.String)


@dataclass(frozen=True)
class Figure:
    """A figure: the records that it is counted from, and how, of the days of some frames."""

    reads: tuple[str, ...]
    count: Callable[[Frames], pl.DataFrame]


def count(names: Iterable[str], frames: Frames) -> dict[str, pl.DataFrame]:
    """Return the named figures of the days that the frames hold."""
    return {name: FIGURES[name].count(frames) for name in names}


def together(parts: Iterable[Figures]) -> dict[str, pl.DataFrame]:
    """Return the figures of several ranges of days as one."""
    known = list(parts)
    return {name: pl.concat([part[name] for part in known]) for name in known[0]}


def beds_of(parameters: Parameters) -> pl.DataFrame:
    """Return the beds of each `department` that has any, in the order of the configuration."""
    pools = parameters.inpatients.beds.pools
    beds = {
        one.name: sum(pool.beds for pool in pools if pool.department == one.name)
        for one in parameters.departments
    }
    known = {name: number for name, number in beds.items() if number}
    return pl.DataFrame({"department": list(known), "beds": list(known.values())})


def census(frames: Frames) -> pl.DataFrame:
    """Return for each day who is in a bed at its end: `covid` and `others`."""
    patients = _with_illness(frames)
    covid = (pl.col("illness") == "COVID-19").fill_null(value=False)
    in_bed = pl.col("bed").is_not_null() & pl.col("discharged_at").is_null()
    return (
        patients.filter(in_bed)
        .group_by(day="census_date")
        .agg(covid=covid.sum(), others=(~covid).sum())
        .sort("day")
    )


def admissions(frames: Frames) -> pl.DataFrame:
    """Return how many stays begin (`len`) by day, `way` (admission type) and `illness` or null."""
    return (
        _with_illness(frames)
        .filter(_HERE, _CLASS == "inpatient")
        .group_by(
            day="census_date", way=pl.col("admission_type").cast(pl.String), illness="illness"
        )
        .len()
    )


def arrivals(frames: Frames) -> pl.DataFrame:
    """Return how many come (`len`) by `weekday` (1 is Monday), `hour` and `kind`."""
    emergency, way = _CLASS == "emergency", pl.col("admission_type").cast(pl.String)
    kind = (
        pl.when(emergency & pl.col("diagnosis_code").str.contains("^[ST]"))
        .then(pl.lit("emergency, injured"))
        .when(emergency)
        .then(pl.lit("emergency, ill"))
        .when(_CLASS == "outpatient")
        .then(pl.lit("clinics"))
        .when(way == "elective")
        .then(pl.lit("planned admissions"))
        .when(way == "maternity")
        .then(pl.lit("deliveries"))
    )
    return (
        frames["patients"]
        .filter(_HERE)
        .group_by(
            weekday=pl.col("census_date").dt.weekday(),
            hour=pl.col("admitted_at").dt.hour(),
            kind=kind,
        )
        .len()
        .drop_nulls("kind")
    )


def stays(frames: Frames) -> pl.DataFrame:
    """Return a row a stay that ends: `illness` or null, the last `department`, `age`, `days`,
    `died`.
    """
    length = pl.col("discharged_at") - pl.col("admitted_at")
    return (
        _with_illness(frames)
        .filter(_CLASS == "inpatient", pl.col("discharged_at").is_not_null())
        .select(
            "illness",
            pl.col("department").cast(pl.String),
            age="age_years",
            days=length.dt.total_minutes() / 1440,
            died=pl.col("disposition").cast(pl.String) == "died",
        )
    )


def ages(frames: Frames) -> pl.DataFrame:
    """Return how many come (`len`) by `setting`, `sex` and `age`, the first year of the band."""
    band = (pl.col("age_years") // AGE_BAND * AGE_BAND).clip(upper_bound=OLDEST_BAND)
    sexes = frames["people"].select("record_date", "person_id", pl.col("sex").cast(pl.String))
    return (
        frames["patients"]
        .filter(_HERE)
        .join(
            sexes,
            left_on=["census_date", "person_id"],
            right_on=["record_date", "person_id"],
        )
        .group_by(setting=_CLASS, sex="sex", age=band)
        .len()
    )


def flow(frames: Frames) -> pl.DataFrame:
    """Return the rows of the mart, with the day as `day`."""
    return frames["patient_flow"].rename({"flow_date": "day"})


def roster(frames: Frames) -> pl.DataFrame:
    """Return planned shifts (`len`) by `day`, `role` and who works them, as `worked_by`."""
    rostered = pl.col("arrangement").cast(pl.String) == "rostered"
    own = frames["staff_assignments"].filter(rostered)
    called = pl.col("covered_by_staff_id").is_not_null()
    kept = own.select(day="work_date", role="role", worked_by=pl.lit("holder"))
    missed = frames["absences"].select(
        day="absence_date",
        role="role",
        worked_by=pl.when(called).then(pl.lit("reserve")).otherwise(pl.lit("nobody")),
    )
    return (
        pl.concat([kept, missed])
        .with_columns(pl.col("role").cast(pl.String))
        .group_by("day", "role", "worked_by")
        .len()
        .sort("day", "role", "worked_by")
    )


FIGURES: Mapping[str, Figure] = {
    "census": Figure(("patients",), census),
    "admissions": Figure(("patients",), admissions),
    "arrivals": Figure(("patients",), arrivals),
    "stays": Figure(("patients",), stays),
    "ages": Figure(("patients", "people"), ages),
    "flow": Figure(("patient_flow",), flow),
    "roster": Figure(("staff_assignments", "absences"), roster),
}


def _with_illness(frames: Frames) -> pl.DataFrame:
    """Return the patients with `illness`, null where the main diagnosis is none of those named."""
    found = [
        pl.when(pl.col("diagnosis_code").str.contains(pattern)).then(pl.lit(name))
        for name, pattern in ILLNESSES.items()
    ]
    return frames["patients"].with_columns(illness=pl.coalesce(found))
