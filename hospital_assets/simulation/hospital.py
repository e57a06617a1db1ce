"""A hospital: the records of any day, directly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from hospital_assets.simulation import (
    admissions,
    doctors,
    patients,
    people,
    staff_assignments,
    transfer_records,
)
from hospital_assets.simulation.admissions import Admissions
from hospital_assets.simulation.calendar import day_number
from hospital_assets.simulation.identity import Identities
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.vocabulary import Vocabulary


@dataclass(frozen=True)
class Records:
    """The four records of one or more days, sorted by day and key."""

    people: pl.DataFrame
    doctors: pl.DataFrame
    staff_assignments: pl.DataFrame
    patients: pl.DataFrame


class Hospital:
    """A pure function from days to records, for a seed, parameters and a vocabulary.

    What spans days is computed once, on first use; `admit` gives what `admissions.simulate` does,
    from wherever somebody has kept it. Days outside the period raise ValueError.
    """

    def __init__(
        self,
        seed: int,
        parameters: Parameters,
        vocabulary: Vocabulary,
        admit: Callable[[int, Parameters], Admissions] = admissions.simulate,
    ) -> None:
        self.seed = seed
        self.parameters = parameters
        self.vocabulary = vocabulary
        self._admit = admit

    @cached_property
    def skeleton(self) -> Skeleton:
        """What spans days: stays, holders of posts, and where attendances come from."""
        admitted = self._admit(self.seed, self.parameters)
        return Skeleton(self.seed, self.parameters, admitted)

    @cached_property
    def _identities(self) -> Identities:
        return Identities(self.seed, self.skeleton.people, self.vocabulary)

    def people(self, first: date, last: date) -> pl.DataFrame:
        """Return a row for each person touched on each day from first to last."""
        return people.records(self.skeleton, self._identities, *self._days(first, last))

    def doctors(self, first: date, last: date, people: pl.DataFrame) -> pl.DataFrame:
        """Return a row for each doctor in post on each day, with the names that `people` has."""
        days = self._days(first, last)
        return doctors.records(self.skeleton, *days, people)

    def staff_assignments(self, first: date, last: date, doctors: pl.DataFrame) -> pl.DataFrame:
        """Return a row for each shift that starts on each day; doctors are those of `doctors`."""
        days = self._days(first, last)
        return staff_assignments.records(self.skeleton, *days, doctors)

    def patients(self, first: date, last: date, staff_assignments: pl.DataFrame) -> pl.DataFrame:
        """Return a row for each encounter active on each day, attended by a doctor on duty."""
        days = self._days(first, last)
        return patients.records(self.skeleton, *days, staff_assignments)

    def transfers(self, first: date, last: date) -> pl.DataFrame:
        """Return a row for each patient transferred to another facility on each day."""
        return transfer_records.records(self.skeleton, *self._days(first, last))

    def between(self, first: date, last: date) -> Records:
        """Return all records of the days from first to last, both included."""
        persons = self.people(first, last)
        medical = self.doctors(first, last, persons)
        assignments = self.staff_assignments(first, last, medical)
        return Records(persons, medical, assignments, self.patients(first, last, assignments))

    def day(self, day: date) -> Records:
        """Return all records of one day."""
        return self.between(day, day)

    def _days(self, first: date, last: date) -> tuple[int, int]:
        period = self.parameters.period
        if not period.first_day <= first <= last <= period.last_day:
            raise ValueError(
                f"{first} to {last} is not a range of days within the period"
                f" {period.first_day} to {period.last_day}"
            )
        return day_number(first), day_number(last)
