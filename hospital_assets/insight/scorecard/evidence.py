"""What the scorecard keeps of the records, month by month, so that memory stays bounded.

An encounter is kept as one row, people and shifts as counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from hashlib import blake2b
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.calendar.period import Period
from hospital_assets.insight.scorecard.measured import Counts
from hospital_assets.simulation import Frames, Parameters
from hospital_assets.simulation.chance.draws import DrawStream

# The assignments of a month with those of the eve, whose last watch ends in the month.
_SHIFTS = "shifts"

_PATIENT_COLUMNS = (
    "person_id", "encounter_class", "triage", "age_years", "diagnosis_code", "admission_source",
    "admitted_at", "discharged_at", "disposition",
    "triaged_at", "seen_at", "decided_at", "chief_complaint", "admission_type",
    "discharge_destination", "preceding_encounter_id", "facility_code", "gestation_weeks",
    "birth_weight_g",
)  # fmt: skip
# The first years of birth of the cohorts, but for the oldest, whose names differ.
_COHORTS = (1965, 1986, 2008, 2016)
_PERSON_COLUMNS = ("sex", "date_of_birth", "registration_date")


@dataclass(frozen=True)
class Facts:
    """What the figures are out of: beds, people and posts, as the parameters have them.

    `pyramid` has the people by `age` (the first of five years) and `sex`. Files are digitised in
    the `campaign`.
    """

    beds: dict[str, int]
    people: int
    pyramid: pl.DataFrame
    campaign: Period
    posts: int
    per_slot: int
    slots_per_day: int
    holidays: tuple[date, ...]

    @staticmethod
    def of(parameters: Parameters, holidays: tuple[date, ...]) -> "Facts":
        """Return the facts of a hospital."""
        bands = [
            (band.age, sex, number)
            for band in parameters.people.population.ages
            for sex, number in (("female", band.female), ("male", band.male))
        ]
        pyramid = pl.DataFrame(bands, schema=["age", "sex", "people"], orient="row")
        beds: dict[str, int] = {one.name: 0 for one in parameters.departments}
        for pool in parameters.inpatients.beds.pools:
            beds[pool.department] += pool.beds
        population = parameters.people.population
        scale = population.size / pyramid["people"].sum()
        return Facts(
            beds=beds,
            people=population.size,
            pyramid=pyramid.with_columns(pl.col("people") * scale),
            campaign=Period(population.campaign_first_day, population.campaign_last_day),
            posts=sum(role.posts for role in parameters.staffing.roles),
            per_slot=parameters.inpatients.transfer_choice.per_slot,
            slots_per_day=parameters.slots_per_day,
            holidays=holidays,
        )


@dataclass(frozen=True)
class Evidence:
    """What is known of some days: a table for each of `_TABLES`, under its name."""

    days: Period
    facts: Facts
    tables: dict[str, pl.DataFrame]

    @property
    def years(self) -> float:
        """The length of the days in years."""
        return self.days.length / 365.25

    @property
    def undigitised_years(self) -> float:
        """How many years a person of the city lives without a digital file in these days.

        Such a person has a record on the day of death in any case, others if they die here.
        """
        return self.undigitised_years_of(*range(self.dates[0].year, self.dates[-1].year + 1))

    def undigitised_years_of(self, *years: int) -> float:
        """Return the same for the days of some years."""
        campaign = self.facts.campaign
        left = (
            (campaign.last_day - day).days / campaign.length
            for day in self.dates
            if day.year in years
        )
        return sum(max(share, 0.0) for share in left) / 365.25

    @property
    def beds(self) -> int:
        """All beds."""
        return sum(self.facts.beds.values())

    @property
    def encounters(self) -> pl.DataFrame:
        """Every encounter, as it was last known; `department` is the first that it was in."""
        return self.tables["encounters"]

    @property
    def arrivals(self) -> pl.DataFrame:
        """The encounters that begin in these days."""
        return self.encounters.filter(self._begins)

    @property
    def _begins(self) -> pl.Expr:
        return pl.col("admitted_at") >= datetime.combine(self.days.first_day, time())

    def _arrivals_of(self, encounter_class: str) -> pl.DataFrame:
        return self.encounters.filter(self._begins, pl.col("encounter_class") == encounter_class)

    @cached_property
    def admissions(self) -> pl.DataFrame:
        """The stays that begin in these days."""
        return self._arrivals_of("inpatient")

    @cached_property
    def emergencies(self) -> pl.DataFrame:
        """The attendances of the emergency department."""
        return self._arrivals_of("emergency")

    @cached_property
    def visits(self) -> pl.DataFrame:
        """The outpatient visits."""
        return self._arrivals_of("outpatient")

    @cached_property
    def stays(self) -> pl.DataFrame:
        """The stays that end in these days, with their length in days and what came next.

        `next_at`, `next_code` and `next_department` are of the person's next stay.
        """
        following = pl.col("admitted_at", "diagnosis_code", "department").shift(-1)
        return (
            self.encounters.filter(pl.col("encounter_class") == "inpatient")
            .sort("person_id", "admitted_at")
            .with_columns(following.over("person_id").name.prefix("following_"))
            .rename(
                {
                    "following_admitted_at": "next_at",
                    "following_diagnosis_code": "next_code",
                    "following_department": "next_department",
                }
            )
            .filter(pl.col("discharged_at").is_not_null())
            .with_columns(
                length=minutes(pl.col("discharged_at") - pl.col("admitted_at")) / 1440,
                died=pl.col("disposition") == "died",
            )
        )

    def with_code(self, rows: pl.DataFrame, pattern: str) -> pl.DataFrame:
        """Return the encounters that have a code of a pattern, main or other."""
        found = rows.filter(pl.col("diagnosis_code").str.contains(pattern))
        others = self.tables["diagnoses"].filter(pl.col("icd10_code").str.contains(pattern))
        further = rows.join(others, on="encounter_id", how="semi")
        return pl.concat([found, further]).unique("encounter_id")

    @cached_property
    def dates(self) -> list[date]:
        """The days in order."""
        return self.days.days

    @cached_property
    def weekdays(self) -> NDArray[np.int64]:
        """The weekday of each day, Monday 0."""
        return np.array([day.weekday() for day in self.dates])

    @cached_property
    def months(self) -> NDArray[np.int64]:
        """The month of each day, counted through the years."""
        return np.array([day.year * 12 + day.month for day in self.dates])

    def daily(self, rows: pl.DataFrame, column: str = "admitted_at") -> Counts:
        """Return how many rows each day has."""
        first = self.days.first_day
        place = (rows[column].dt.date() - first).dt.total_days().drop_nulls().to_numpy()
        inside = place[(place >= 0) & (place < self.days.length)]
        return np.bincount(inside, minlength=self.days.length).astype(float)

    def where(self, wanted: Callable[[date], bool]) -> NDArray[np.bool_]:
        """Return which of the days are wanted."""
        return np.array([wanted(day) for day in self.dates])


class Collector:
    """Takes the records of one month after another, and gives the evidence of them all."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._days: list[Period] = []
        self._parts: dict[str, list[pl.DataFrame]] = {}
        self._eve: pl.DataFrame | None = None
        self._open: list[pl.DataFrame] = []

    def add(self, days: Period, frames: Frames) -> None:
        """Take the records of the days that follow those taken before."""
        shifts = frames["staff_assignments"]
        with_eve = shifts if self._eve is None else pl.concat([self._eve, shifts])
        self._eve = shifts.filter(pl.col("work_date") == days.last_day)
        known = frames | {_SHIFTS: with_eve}
        for name, table in _TABLES.items():
            self._parts.setdefault(name, []).append(table.of_month(known))
        self._days.append(days)
        self._close_encounters()

    def evidence(self) -> Evidence:
        """Return what was taken."""
        self._parts["encounters"] += self._open
        # One after the other, so that no part is kept beside the whole.
        tables = {name: _TABLES[name].combine(self._parts.pop(name)) for name in list(self._parts)}
        whole = Period(self._days[0].first_day, self._days[-1].last_day)
        return Evidence(whole, self._facts, tables)

    def _close_encounters(self) -> None:
        """Put what is known of encounters that went on together; what is over is known."""
        parts = self._parts["encounters"]
        latest = pl.concat([*self._open, parts.pop()])
        latest = latest.group_by("encounter_id", maintain_order=True).agg(
            pl.col("department").first(), pl.exclude("encounter_id", "department").last()
        )
        goes_on = pl.col("discharged_at").is_null()
        parts.append(latest.filter(~goes_on))
        self._open = [latest.filter(goes_on)]


def minutes(span: pl.Expr) -> pl.Expr:
    """Return a span of time in minutes."""
    return span.dt.total_minutes()


def on_duty(events: pl.DataFrame, doctor: str, instant: str, shifts: pl.DataFrame) -> pl.Series:
    """Return of each event whether its doctor was on a shift at its minute."""
    known = shifts.filter(pl.col("doctor_id").is_not_null()).select(
        "doctor_id", "starts_at", "ends_at"
    )
    return (
        events.select(doctor_id=doctor, instant=instant)
        .with_row_index("place")
        .sort("instant")
        .join_asof(
            known.sort("starts_at"), left_on="instant", right_on="starts_at", by="doctor_id",
            strategy="backward", check_sortedness=False,
        )
        .sort("place")
        .select((pl.col("instant") < pl.col("ends_at")).fill_null(value=False))
        .to_series()
    )  # fmt: skip


def _encounters(frames: Frames) -> pl.DataFrame:
    patients, people = frames["patients"], frames["people"]
    return (
        patients.sort("census_date")
        .group_by("encounter_id", maintain_order=True)
        .agg(pl.col("department").first().cast(pl.Categorical), pl.col(_PATIENT_COLUMNS).last())
        .join(
            people.select(
                "person_id", *_PERSON_COLUMNS, (pl.col("city") == "Soweto").alias("from_soweto")
            ).unique("person_id", keep="last"),
            on="person_id",
            how="left",
        )
        .with_columns(pl.col("age_years").cast(pl.UInt8))
    )


def _beds_taken(frames: Frames) -> pl.DataFrame:
    in_bed = pl.col("bed").is_not_null() & pl.col("discharged_at").is_null()
    covid = pl.col("diagnosis_code").str.starts_with("U07")
    return (
        frames["patients"]
        .group_by("census_date", "department")
        .agg(taken=in_bed.sum(), covid=(in_bed & covid).sum())
    )


def _registered(frames: Frames) -> pl.DataFrame:
    return frames["people"].filter(pl.col("registration_date") == pl.col("record_date"))


def _first_names(frames: Frames) -> pl.DataFrame:
    born = pl.col("date_of_birth").dt.year()
    cohort = pl.sum_horizontal(born >= first for first in _COHORTS).alias("cohort")
    return _registered(frames).group_by("sex", cohort, "first_name").len()


def _born(frames: Frames) -> pl.DataFrame:
    """Return who is born here, as recorded on the day of birth."""
    return _newborns(frames).select("person_id", "sex", "date_of_birth")


def _newborns(frames: Frames) -> pl.DataFrame:
    here = frames["patients"].filter(pl.col("admission_type") == "newborn")
    return (
        frames["people"]
        .filter(pl.col("date_of_birth") == pl.col("record_date"))
        .join(here, on="person_id", how="semi")
    )


def _counted(*columns: str) -> Callable[[Frames], pl.DataFrame]:
    """Return how to count a month's newly registered people by some columns."""
    return lambda frames: _registered(frames).group_by(*columns).len()


def _id_kinds(frames: Frames) -> pl.DataFrame:
    kind = (
        pl.when(pl.col("id_number").is_null())
        .then(pl.lit("none"))
        .when(pl.col("id_number").str.slice(10, 1) == "1")
        .then(pl.lit("permanent resident"))
        .otherwise(pl.lit("citizen"))
    )
    # Whose birth may not be registered yet says nothing.
    old_enough = pl.col("date_of_birth").dt.offset_by("1y") <= pl.col("record_date")
    return _registered(frames).filter(old_enough).group_by(kind.alias("id_kind")).len()


def _phones(frames: Frames) -> pl.DataFrame:
    return _registered(frames).group_by(pl.col("phone").str.slice(0, 3).alias("prefix")).len()


def _homes(frames: Frames) -> pl.DataFrame:
    """Return home, and home and surname, as numbers that stand for them.

    Of the living whose file has its turn: births and deaths, which have files of the day, would
    bring whole families of the newborn and the dead.
    """
    in_turn = pl.col("deceased_on").is_null() & (pl.col("date_of_birth") < pl.col("record_date"))
    addresses, surnames = (
        _registered(frames)
        .filter(in_turn)
        .select(
            pl.concat_str("street_address", "suburb", "postal_code", separator="|"),
            pl.col("last_name").cast(pl.Categorical).to_physical(),
        )
    )
    digests = (blake2b(text.encode(), digest_size=8).digest() for text in addresses)
    home = np.frombuffer(b"".join(digests), np.int64)
    both = DrawStream(0, "scorecard/surname").bits(home, surnames.to_numpy())
    return pl.DataFrame({"home": home, "home_and_surname": both})


def _deaths(frames: Frames) -> pl.DataFrame:
    """Return who dies before the file has its turn: all of these have a record on that day."""
    return (
        _registered(frames)
        .filter(
            pl.col("deceased_on") == pl.col("record_date"),
            pl.col("date_of_birth") < pl.col("record_date"),
        )
        .select("person_id", "deceased_on", "date_of_birth", pl.col("sex").cast(pl.String))
    )


def _kin(frames: Frames) -> pl.DataFrame:
    age = pl.col("record_date").dt.year() - pl.col("date_of_birth").dt.year()
    return (
        _registered(frames)
        .filter(age >= 18)
        .group_by(pl.col("next_of_kin_id").is_not_null().alias("named"))
        .len()
    )


def _mothers(frames: Frames) -> pl.DataFrame:
    people, newborns = frames["people"], _newborns(frames)
    wanted = ["record_date", "person_id", "last_name", "street_address", "suburb"]
    return newborns.join(
        people.select(wanted),
        left_on=["record_date", "mother_id"],
        right_on=["record_date", "person_id"],
        how="left",
        suffix="_of_mother",
    ).select(
        "mother_id",
        "date_of_birth",
        pl.col("last_name_of_mother").is_not_null().alias("mother_is_there"),
        (pl.col("last_name") == pl.col("last_name_of_mother")).alias("same_surname"),
        (
            (pl.col("street_address") == pl.col("street_address_of_mother"))
            & (pl.col("suburb") == pl.col("suburb_of_mother"))
        ).alias("same_address"),
    )


def _grades(frames: Frames) -> pl.DataFrame:
    """Return the grades of the staff who work in the month."""
    return (
        frames["staff_assignments"]
        .unique("staff_id")
        .group_by("role", "grade")
        .len()
        .with_columns(pl.lit(_ends(frames["staff_assignments"], "work_date")[0]).alias("month"))
    )


def _shifts_by_day(frames: Frames) -> pl.DataFrame:
    return frames["staff_assignments"].group_by("work_date", "role").len()


def _staff_persons(frames: Frames) -> pl.DataFrame:
    return frames["staff_assignments"].select("person_id").unique()


def _on_shift_in_bed(frames: Frames) -> pl.DataFrame:
    stays = (
        frames["patients"].filter(pl.col("encounter_class") == "inpatient").unique("encounter_id")
    )
    end = pl.coalesce(
        "discharged_at", pl.col("census_date").cast(pl.Datetime("us")).dt.offset_by("1d")
    )
    return (
        stays.join(frames["staff_assignments"], on="person_id")
        .filter(pl.col("starts_at") < end, pl.col("ends_at") > pl.col("admitted_at"))
        .select("encounter_id")
    )  # fmt: skip


def _named_doctors(frames: Frames) -> pl.DataFrame:
    """Return, for the encounters that begin, how many name a doctor who is at work then."""
    begun = frames["patients"].filter(pl.col("admitted_at").dt.date() == pl.col("census_date"))
    begun = _after_the_eve(begun, "admitted_at", frames[_SHIFTS])
    at_night = (pl.col("admitted_at").dt.hour() < 7).alias("at_night")
    found = on_duty(begun, "attending_doctor_id", "admitted_at", frames[_SHIFTS])
    return (
        begun.with_columns(found.alias("on_duty"))
        .group_by(pl.col("encounter_class").cast(pl.String), at_night)
        .agg(pl.len(), pl.col("on_duty").sum())
    )


def _transfers(frames: Frames) -> pl.DataFrame:
    transfers = frames["transfers"]
    known = _after_the_eve(transfers, "departed_at", frames[_SHIFTS])
    found = on_duty(known, "referring_doctor_id", "departed_at", frames[_SHIFTS])
    told = known.select("transfer_id", found.alias("on_duty"))
    return transfers.join(told, on="transfer_id", how="left", maintain_order="left")


def _after_the_eve(events: pl.DataFrame, instant: str, shifts: pl.DataFrame) -> pl.DataFrame:
    """Leave out a first day whose last night's watch is of a day that nobody looked at."""
    first = shifts["work_date"].min()
    return events.filter(pl.col(instant).dt.date() > first)


def _attendings(frames: Frames) -> pl.DataFrame:
    """Return how many days each doctor attends a stay, of every eighth stay to save memory."""
    return (
        frames["patients"]
        .filter(pl.col("encounter_class") == "inpatient", pl.col("encounter_id") % 8 == 0)
        .group_by("encounter_id", "attending_doctor_id")
        .len()
    )


def _movements(frames: Frames) -> pl.DataFrame:
    return (
        frames["bed_movements"]
        .sort("census_date")
        .unique(["encounter_id", "sequence"], keep="last")
        .select("encounter_id", "sequence", "department", "bed", "started_at", "ended_at")
    )


def _diagnoses(frames: Frames) -> pl.DataFrame:
    return (
        frames["diagnoses"]
        .unique(["encounter_id", "sequence"])
        .select("encounter_id", "sequence", "icd10_code", "present_on_admission")
    )


def _absences(frames: Frames) -> pl.DataFrame:
    weekday = pl.col("absence_date").dt.weekday().alias("weekday")
    return frames["absences"].group_by(pl.col("kind").cast(pl.String), weekday).len()


def _covers(frames: Frames) -> pl.DataFrame:
    return frames["staff_assignments"].group_by(pl.col("arrangement").cast(pl.String)).len()


def _ends(frame: pl.DataFrame, column: str) -> tuple[date, date]:
    first, last = frame[column].min(), frame[column].max()
    return cast(date, first), cast(date, last)


def _summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    whole = pl.concat(parts)
    keys = [name for name in whole.columns if name not in ("len", "on_duty")]
    return whole.group_by(keys).agg(pl.exclude(keys).sum())


def _different(*keys: str) -> Callable[[list[pl.DataFrame]], pl.DataFrame]:
    """Return how to put months together in which the same keys come again."""
    return lambda parts: pl.concat(parts).unique(keys, keep="last", maintain_order=True)


@dataclass(frozen=True)
class _Table:
    """What is kept of a month, and how months are put together."""

    of_month: Callable[[Frames], pl.DataFrame]
    combine: Callable[[list[pl.DataFrame]], pl.DataFrame] = pl.concat


_TABLES = {
    "encounters": _Table(_encounters),
    "beds_taken": _Table(_beds_taken),
    "first_names": _Table(_first_names, _summed),
    "surnames": _Table(_counted("last_name"), _summed),
    "suburbs": _Table(_counted("suburb", "city"), _summed),
    "born": _Table(_born, _different("person_id")),
    "births": _Table(_counted("date_of_birth"), _summed),
    "id_kinds": _Table(_id_kinds, _summed),
    "phones": _Table(_phones, _summed),
    "homes": _Table(_homes),
    "deaths": _Table(_deaths, _different("person_id")),
    "languages": _Table(_counted("language"), _summed),
    "payers": _Table(_counted("payer_class"), _summed),
    "citizenships": _Table(_counted("citizenship"), _summed),
    "kin": _Table(_kin, _summed),
    "mothers": _Table(_mothers),
    "grades": _Table(_grades),
    "shifts_by_day": _Table(_shifts_by_day),
    "staff_persons": _Table(_staff_persons, _different("person_id")),
    "on_shift_in_bed": _Table(_on_shift_in_bed, _different("encounter_id")),
    "named_doctors": _Table(_named_doctors, _summed),
    "transfers": _Table(_transfers),
    "attendings": _Table(_attendings, _summed),
    "bed_movements": _Table(_movements, _different("encounter_id", "sequence")),
    "diagnoses": _Table(_diagnoses, _different("encounter_id", "sequence")),
    "absences": _Table(_absences, _summed),
    "covers": _Table(_covers, _summed),
}
