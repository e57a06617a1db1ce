"""The parameters of the hospital, and what makes them impossible.

Plain frozen dataclasses: whoever reads a config file validates it against these types (an unknown
key is refused, see `__pydantic_config__`); what a type cannot say is checked after construction.
Shares and probabilities are between 0 and 1, durations in the unit that their name says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

SHIFT_PATTERN_FREE = "-"


class Strict:
    """Base of all parameters: pydantic refuses keys that are not fields, and loose types."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def _require(condition: bool, expectation: str) -> None:
    if not condition:
        raise ValueError(expectation)


def _require_share(name: str, value: float) -> None:
    _require(0 <= value <= 1, f"{name} must be between 0 and 1, not {value}")


def _require_weights(name: str, weights: Sequence[float], length: int) -> None:
    _require(len(weights) == length, f"{name} must have {length} numbers, not {len(weights)}")
    _require(
        min(weights) >= 0 and sum(weights) > 0, f"{name} must be weights, at least one above zero"
    )


@dataclass(frozen=True)
class Period(Strict):
    """The simulated days, both included."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        """Refuse an end before the start."""
        _require(
            self.first_day <= self.last_day,
            f"last_day ({self.last_day}) must not lie before first_day ({self.first_day})",
        )


@dataclass(frozen=True)
class AgeBand(Strict):
    """An age band of the pyramid: completed years from `age` up to the next band's, by sex."""

    age: int
    female: float
    male: float


@dataclass(frozen=True)
class Population(Strict):
    """The people whose records are digitised, `size` of them in the digitisation campaign."""

    size: int
    reference_day: date
    campaign_first_day: date
    campaign_last_day: date
    oldest_age: int
    ages: tuple[AgeBand, ...]

    def __post_init__(self) -> None:
        """Refuse pyramids with gaps and populations that the id space can't hold."""
        ages = [band.age for band in self.ages]
        _require(1_000 <= self.size <= 12_000_000, "size must lie between 1,000 and 12,000,000")
        _require(bool(ages) and ages[0] == 0, "ages must start with the band of age 0")
        _require(ages == sorted(set(ages)), "ages must rise from band to band")
        _require(
            ages[-1] < self.oldest_age <= 110,
            f"oldest_age must lie above the last band ({ages[-1]}) and at 110 at most",
        )
        _require(
            all(min(band.female, band.male) > 0 for band in self.ages),
            "ages must have a share above zero for both sexes in every band",
        )
        _require(
            self.campaign_first_day < self.reference_day <= self.campaign_last_day,
            "reference_day must lie within the digitisation campaign",
        )


@dataclass(frozen=True)
class Department(Strict):
    """A department: its beds, who is admitted to it, for how long and with what end."""

    name: str
    code: str
    beds: int
    mean_stay_days: float
    stay_deviation_days: float
    mortality: float
    emergency_share: float
    clinic_weight: float = 0.0
    min_age: int = 0
    max_age: int = 120
    female_share: float = 0.5
    median_stay_days: float | None = None

    def __post_init__(self) -> None:
        """Refuse departments that can't exist."""
        _require(bool(self.name) and bool(self.code), "a department needs a name and a code")
        _require(self.beds >= 0, f"beds of {self.name} must not be negative")
        _require(
            self.mean_stay_days > 0 and self.stay_deviation_days > 0,
            f"stays of {self.name} need a mean and a deviation above zero",
        )
        if self.median_stay_days is not None:
            _require(
                0 < self.median_stay_days < self.mean_stay_days,
                f"median_stay_days of {self.name} must lie between zero and the mean",
            )
        _require_share(f"mortality of {self.name}", self.mortality)
        _require_share(f"emergency_share of {self.name}", self.emergency_share)
        _require_share(f"female_share of {self.name}", self.female_share)
        _require(self.clinic_weight >= 0, f"clinic_weight of {self.name} must not be negative")
        _require(
            0 <= self.min_age <= self.max_age,
            f"max_age of {self.name} must not lie below min_age",
        )


@dataclass(frozen=True)
class Stays(Strict):
    """How stays follow each other in a bed."""

    warm_up_days: int
    occupancy: float
    minimum_stay_minutes: int
    minimum_gap_minutes: int
    beds_per_ward: int
    admissions_by_hour: tuple[float, ...]
    discharges_by_hour: tuple[float, ...]
    left_against_advice: float

    def __post_init__(self) -> None:
        """Refuse occupancies that no hospital has and incomplete days."""
        _require(self.warm_up_days >= 1, "warm_up_days must be at least 1")
        _require(0.1 <= self.occupancy <= 0.98, "occupancy must lie between 0.1 and 0.98")
        _require(self.minimum_stay_minutes >= 1, "minimum_stay_minutes must be at least 1")
        _require(self.minimum_gap_minutes >= 1, "minimum_gap_minutes must be at least 1")
        _require(self.beds_per_ward >= 1, "beds_per_ward must be at least 1")
        _require_weights("admissions_by_hour", self.admissions_by_hour, 24)
        _require(
            min(self.admissions_by_hour) > 0, "admissions_by_hour must be above zero in every hour"
        )
        _require_weights("discharges_by_hour", self.discharges_by_hour, 24)
        _require_share("left_against_advice", self.left_against_advice)


@dataclass(frozen=True)
class Readmission(Strict):
    """Whether and when a discharged patient comes back."""

    probability: float
    minimum_days: float
    mean_days: float

    def __post_init__(self) -> None:
        """Refuse returns before the emergency attendance that may precede them has room."""
        _require_share("probability", self.probability)
        _require(self.minimum_days >= 1, "minimum_days must be at least 1")
        _require(self.mean_days > 0, "mean_days must be above zero")


@dataclass(frozen=True)
class Transfers(Strict):
    """Transfers to other facilities: how many leave in each slot of a day."""

    slots_per_day: int
    per_slot: int
    minimum_hours_since_admission: float
    minimum_minutes_before_next: int

    def __post_init__(self) -> None:
        """Refuse slots that don't divide a day into whole minutes."""
        _require(
            self.slots_per_day >= 1 and 1440 % self.slots_per_day == 0,
            "slots_per_day must divide the 1,440 minutes of a day",
        )
        _require(self.per_slot >= 0, "per_slot must not be negative")
        _require(
            self.minimum_hours_since_admission >= 0, "minimum_hours_since_admission must not be < 0"
        )
        _require(
            self.minimum_minutes_before_next >= 1, "minimum_minutes_before_next must be at least 1"
        )


@dataclass(frozen=True)
class Facility(Strict):
    """A neighbouring facility that takes patients over."""

    name: str
    kind: str


@dataclass(frozen=True)
class TransferReason(Strict):
    """Why some departments transfer patients, how, and which facilities take them for it."""

    name: str
    weight: float
    priority: str
    transport: str
    departments: tuple[str, ...]
    facilities: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse reasons that nobody has or nobody takes."""
        _require(self.weight > 0, f"weight of {self.name} must be above zero")
        _require(
            bool(self.departments) and bool(self.facilities),
            f"{self.name} needs departments that send and facilities that take patients",
        )


@dataclass(frozen=True)
class Attendances(Strict):
    """Emergency and outpatient attendances: how many, when, and for how long."""

    mean_per_day: float
    minimum_per_day: int
    maximum_per_day: int
    noise_sigma: float
    emergency_share: float
    by_weekday: tuple[float, ...]
    by_month: tuple[float, ...]
    emergency_by_hour: tuple[float, ...]
    clinic_by_hour: tuple[float, ...]
    admitted_minimum_minutes: float
    admitted_median_minutes: float
    admitted_sigma: float
    discharged_median_minutes: float
    discharged_sigma: float
    clinic_median_minutes: float
    clinic_sigma: float
    ambulance_share: float
    left_against_advice: float
    triage_admitted: tuple[float, ...]
    triage_discharged: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse factors that don't cover the week, the year or the day."""
        _require(
            0 < self.minimum_per_day <= self.mean_per_day <= self.maximum_per_day,
            "mean_per_day must lie between minimum_per_day and maximum_per_day",
        )
        _require(self.noise_sigma >= 0, "noise_sigma must not be negative")
        _require_weights("by_weekday", self.by_weekday, 7)
        _require_weights("by_month", self.by_month, 12)
        _require_weights("emergency_by_hour", self.emergency_by_hour, 24)
        _require_weights("clinic_by_hour", self.clinic_by_hour, 24)
        _require_weights("triage_admitted", self.triage_admitted, 4)
        _require_weights("triage_discharged", self.triage_discharged, 4)
        for name in ("emergency_share", "ambulance_share", "left_against_advice"):
            _require_share(name, getattr(self, name))
        for kind in ("admitted", "discharged", "clinic"):
            _require(
                getattr(self, f"{kind}_median_minutes") > 0 and getattr(self, f"{kind}_sigma") > 0,
                f"{kind}_median_minutes and {kind}_sigma must be above zero",
            )
        _require(
            0 <= self.admitted_minimum_minutes < self.admitted_median_minutes,
            "admitted_minimum_minutes must lie between zero and the median",
        )


@dataclass(frozen=True)
class Season(Strict):
    """Months (1 to 12) in which some diagnoses are more frequent, by a factor."""

    name: str
    months: tuple[int, ...]
    factor: float

    def __post_init__(self) -> None:
        """Refuse months that the year does not have."""
        _require(
            all(1 <= month <= 12 for month in self.months), f"months of {self.name}: 1 to 12 only"
        )
        _require(self.factor > 0, f"factor of {self.name} must be above zero")


@dataclass(frozen=True)
class Diagnosis(Strict):
    """A diagnosis: where it is seen, in whom, and how often against the others there."""

    code: str
    name: str
    departments: tuple[str, ...]
    weight: float
    min_age: int = 0
    max_age: int = 120
    sex: str | None = None
    season: str | None = None

    def __post_init__(self) -> None:
        """Refuse diagnoses that fit nobody."""
        _require(self.weight > 0, f"weight of {self.code} must be above zero")
        _require(
            0 <= self.min_age <= self.max_age,
            f"max_age of {self.code} must not lie below min_age",
        )
        _require(self.sex in (None, "female", "male"), f"sex of {self.code} must be female or male")


@dataclass(frozen=True)
class Shift(Strict):
    """A shift: its letter in the cycles, its name, and its hours."""

    letter: str
    name: str
    start_hour: int
    hours: int

    def __post_init__(self) -> None:
        """Refuse shifts outside the day."""
        _require(
            len(self.letter) == 1 and self.letter != SHIFT_PATTERN_FREE,
            "letter of a shift must be one character other than '-'",
        )
        _require(
            0 <= self.start_hour <= 23 and 1 <= self.hours <= 24,
            f"{self.name} must start within the day and last 1 to 24 hours",
        )


@dataclass(frozen=True)
class Cycle(Strict):
    """A roster cycle: a letter a day, '-' for a free day; offsets in the order they are filled.

    A cycle of seven days that is `weekly` follows the calendar week, Monday first.
    """

    name: str
    pattern: str
    offsets: tuple[int, ...] = ()
    weekly: bool = False

    def __post_init__(self) -> None:
        """Refuse offsets that the pattern does not have."""
        _require(len(self.pattern) >= 1, f"pattern of {self.name} must not be empty")
        if self.weekly:
            _require(
                len(self.pattern) == 7 and not self.offsets,
                f"{self.name} is weekly: seven letters, no offsets",
            )
        else:
            _require(
                sorted(self.offsets) == list(range(len(self.pattern))),
                f"offsets of {self.name} must name each of 0 to {len(self.pattern) - 1} once",
            )


@dataclass(frozen=True)
class Establishment(Strict):
    """The specialty of a department's doctors, and how many posts of each role it has."""

    department: str
    specialty: str
    doctor: int
    nurse: int
    allied_health: int
    administration: int
    support: int


@dataclass(frozen=True)
class Role(Strict):
    """A role: its filled posts, ages, tenure, and the cycles of its senior and other posts."""

    name: str
    posts: int
    qualified_at: int
    senior_share: float
    senior_years: int
    female_share: float
    resignation_mean_years: float
    hire_age_max: int
    senior_hire_age_max: int
    cycles: dict[str, float]
    senior_cycles: dict[str, float]

    def __post_init__(self) -> None:
        """Refuse shares that don't add up and careers that can't be had before 65."""
        _require_share(f"senior_share of {self.name}", self.senior_share)
        _require_share(f"female_share of {self.name}", self.female_share)
        _require(
            self.resignation_mean_years > 0,
            f"resignation_mean_years of {self.name} must be above zero",
        )
        _require(
            self.qualified_at + 2 <= self.hire_age_max <= 62
            and self.qualified_at + self.senior_years + 2 <= self.senior_hire_age_max <= 62,
            f"hire ages of {self.name} must leave two years after qualification and end by 62",
        )
        for key in ("cycles", "senior_cycles"):
            total = sum(getattr(self, key).values())
            _require(abs(total - 1) < 1e-9, f"{key} of {self.name} must add up to 1, not {total:g}")


@dataclass(frozen=True)
class Staffing(Strict):
    """The posts, the shifts, and the cycles that join them."""

    sources: tuple[str, ...]
    retirement_age: int
    seniors_on_cover_cycle: int
    cover_cycle: str
    shifts: tuple[Shift, ...]
    cycles: tuple[Cycle, ...]
    roles: tuple[Role, ...]
    departments: tuple[Establishment, ...]

    def __post_init__(self) -> None:
        """Refuse cycles of unknown shifts, unlawful rest, and posts that don't add up."""
        letters = {shift.letter: shift for shift in self.shifts}
        names = {cycle.name for cycle in self.cycles}
        for cycle in self.cycles:
            unknown = set(cycle.pattern) - set(letters) - {SHIFT_PATTERN_FREE}
            _require(not unknown, f"pattern of {cycle.name} has no shift for {sorted(unknown)}")
        for role in self.roles:
            for key in ("cycles", "senior_cycles"):
                unknown = set(getattr(role, key)) - names
                _require(not unknown, f"{key} of {role.name} names no cycle {sorted(unknown)}")
            total = sum(getattr(entry, role.name) for entry in self.departments)
            _require(
                total == role.posts,
                f"posts of {role.name} by department add up to {total}, not {role.posts}",
            )
        _require(self.cover_cycle in names, f"cover_cycle must be one of {sorted(names)}")
        _require(
            self.seniors_on_cover_cycle >= 4,
            "seniors_on_cover_cycle must be at least 4, one for each pair of days and nights",
        )
        for entry in self.departments:
            _require(
                entry.doctor >= self.seniors_on_cover_cycle,
                f"{entry.department} needs at least {self.seniors_on_cover_cycle} doctors",
            )


@dataclass(frozen=True)
class Parameters(Strict):
    """The whole hospital."""

    period: Period
    population: Population
    departments: tuple[Department, ...]
    emergency_department: str
    stays: Stays
    readmission: Readmission
    transfers: Transfers
    facilities: tuple[Facility, ...]
    transfer_reasons: tuple[TransferReason, ...]
    attendances: Attendances
    seasons: tuple[Season, ...]
    diagnoses: tuple[Diagnosis, ...]
    staffing: Staffing

    def __post_init__(self) -> None:
        """Refuse parts that don't fit each other."""
        names = [department.name for department in self.departments]
        _require(len(set(names)) == len(names), "departments must have different names")
        _require(
            self.emergency_department in names,
            f"emergency_department must be one of {names}, not {self.emergency_department!r}",
        )
        staffed = [entry.department for entry in self.staffing.departments]
        _require(
            sorted(staffed) == sorted(names),
            "staffing.departments must name each department once",
        )
        seasons = {season.name for season in self.seasons}
        for diagnosis in self.diagnoses:
            unknown = set(diagnosis.departments) - set(names)
            _require(not unknown, f"departments of {diagnosis.code} has no {sorted(unknown)}")
            _require(
                diagnosis.season is None or diagnosis.season in seasons,
                f"season of {diagnosis.code} must be one of {sorted(seasons)}",
            )
        for reason in self.transfer_reasons:
            unknown = set(reason.departments) - set(names)
            _require(not unknown, f"departments of {reason.name} has no {sorted(unknown)}")
            unknown = set(reason.facilities) - {facility.name for facility in self.facilities}
            _require(not unknown, f"facilities of {reason.name} has no {sorted(unknown)}")
        for department in self.departments:
            _require(
                department.beds == 0
                or any(department.name in reason.departments for reason in self.transfer_reasons),
                f"transfer_reasons must have one for {department.name}",
            )
        leaving = self.transfers.slots_per_day * self.transfers.per_slot
        discharges = sum(
            department.beds * self.stays.occupancy / department.mean_stay_days
            for department in self.departments
        )
        _require(
            leaving <= discharges * 0.35,
            f"transfers: {leaving} a day are more than a third of {discharges:.0f} discharges",
        )
        emergency_days = self.attendances.mean_per_day * self.attendances.emergency_share
        admitted = sum(
            department.beds
            * self.stays.occupancy
            / department.mean_stay_days
            * department.emergency_share
            for department in self.departments
        )
        _require(
            admitted <= emergency_days * 0.6,
            f"attendances: {admitted:.0f} emergency admissions a day need more than"
            f" {emergency_days:.0f} emergency attendances",
        )
