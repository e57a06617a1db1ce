"""A hospital: what its records of any day are made from."""

from collections.abc import Callable
from functools import cached_property

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.people.identity import Identities
from hospital_assets.simulation.people.vocabulary import Vocabulary
from hospital_assets.simulation.skeleton import Skeleton
from hospital_assets.simulation.stays import admissions
from hospital_assets.simulation.stays.admissions import Admissions


class Hospital:
    """A seed, parameters and a vocabulary, and what spans the days of them.

    That is computed once, on first use; `admit` gives what `admissions.simulate` does, from
    wherever somebody has kept it.
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

    @property
    def period(self) -> Period:
        """The days that the hospital has records of."""
        return self.parameters.period

    @cached_property
    def skeleton(self) -> Skeleton:
        """What spans days: stays, holders of posts, and where attendances come from."""
        admitted = self._admit(self.seed, self.parameters)
        return Skeleton(self.seed, self.parameters, admitted)

    @cached_property
    def identities(self) -> Identities:
        """Names, numbers and addresses of the people."""
        return Identities(self.seed, self.skeleton.people, self.vocabulary)

    def numbers(self, days: Period) -> tuple[int, int]:
        """Return the first and the last day as numbers; raises ValueError outside the period."""
        if days.first_day not in self.period or days.last_day not in self.period:
            raise ValueError(f"{days} is not a range of days within the period {self.period}")
        return day_number(days.first_day), day_number(days.last_day)
