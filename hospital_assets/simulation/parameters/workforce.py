"""The workforce: professions, grades, careers, absences, and the reserve that covers them."""

from dataclasses import dataclass
from datetime import date
from math import isfinite

from hospital_assets.simulation.parameters.checks import (
    Strict,
    require,
    require_share,
    require_weights,
)
from hospital_assets.simulation.parameters.shift_laws import LEAST_ON_COVER_CYCLE
from hospital_assets.simulation.parameters.staffing import Staffing

DOCTOR, NURSE = "doctor", "nurse"
NURSES_ON_COVER_CYCLE = LEAST_ON_COVER_CYCLE
# Pools of the reserve are numbered by department within a kind.
MOST_DEPARTMENTS = 100


@dataclass(frozen=True)
class Profession(Strict):
    """What the grades of a role share: ages at qualification, vacant posts, cover, training."""

    role: str
    qualification_ages: tuple[int, ...]
    qualification_weights: tuple[float, ...]
    vacant_share: float
    cover_share: float
    epidemic_factor: float
    trains: bool

    def __post_init__(self) -> None:
        """Refuse ages at which nobody qualifies."""
        require(
            bool(self.qualification_ages)
            and all(16 <= age <= 45 for age in self.qualification_ages),
            f"qualification_ages of {self.role} must lie between 16 and 45",
        )
        require_weights(
            f"qualification_weights of {self.role}",
            self.qualification_weights,
            len(self.qualification_ages),
        )
        require(
            0 <= self.vacant_share <= 0.5,
            f"vacant_share of {self.role} must be between 0 and 0.5, not {self.vacant_share}",
        )
        require_share(f"cover_share of {self.role}", self.cover_share)
        require(
            0 <= self.epidemic_factor <= 10,
            f"epidemic_factor of {self.role} must be between 0 and 10, not {self.epidemic_factor}",
        )


@dataclass(frozen=True)
class Grade(Strict):
    """A grade: its share of the role's posts, who holds them for how long, and their cycles.

    Doctors of a `senior` grade are the seniors of a watch; those of one that `attends` sign as a
    patient's doctor. `emergency_weight` is how many patients of the emergency department one of the
    grade sees, against the others on duty there. `tenure_years` is a term if `fixed_term`,
    otherwise the mean to resignation.
    """

    name: str
    role: str
    share: float
    female_share: float
    least_service_years: int
    service_spread_years: int
    tenure_years: int
    cycles: dict[str, float]
    fixed_term: bool = False
    least_posts: int = 0
    senior: bool = False
    attends: bool = False
    emergency_weight: int = 0

    def __post_init__(self) -> None:
        """Refuse shares that don't add up and careers that nobody has."""
        require(0 <= self.share <= 1, f"share of {self.name} must be between 0 and 1")
        require_share(f"female_share of {self.name}", self.female_share)
        require(
            0 <= self.least_service_years <= 25 and 0 <= self.service_spread_years <= 30,
            f"service of {self.name} must be at least 0 to 25 years and up to 30 more",
        )
        require(
            1 <= self.tenure_years <= 60,
            f"tenure_years of {self.name} must lie between 1 and 60, not {self.tenure_years}",
        )
        require(0 <= self.least_posts <= 100, f"least_posts of {self.name} must be 0 to 100")
        require(
            (1 if self.attends else 0) <= self.emergency_weight <= 20,
            f"emergency_weight of {self.name} must lie between 0, or 1 if it attends, and 20",
        )
        total = sum(self.cycles.values())
        require(
            isfinite(total) and abs(total - 1) < 1e-9 and min(self.cycles.values()) >= 0,
            f"cycles of {self.name} must be shares that add up to 1, not {total:g}",
        )


@dataclass(frozen=True)
class ReservePool(Strict):
    """People of a grade who may be called: so many a department, or so many a post of the role."""

    grade: str
    youngest: int
    ages: int
    female_share: float
    members_per_department: int = 0
    members_per_post: float = 0.0

    def __post_init__(self) -> None:
        """Refuse pools without members, and members too old to be called for some years."""
        require(
            (self.members_per_department > 0) != (self.members_per_post > 0),
            f"the reserve's pool of {self.grade} must have either members_per_department or"
            " members_per_post above zero",
        )
        require(
            self.members_per_department <= 1000 and self.members_per_post <= 20,
            f"the reserve's pool of {self.grade} must have at most 1,000 members a department, or"
            " 20 a post",
        )
        require(
            self.youngest >= 18 and 1 <= self.ages <= 60 - self.youngest,
            f"ages of the reserve's pool of {self.grade} must lie between 18 and 60",
        )
        require_share(f"female_share of the reserve's pool of {self.grade}", self.female_share)


@dataclass(frozen=True)
class Reserve(Strict):
    """The reserve: its pools, and how many days lie between two calls of a member."""

    days_between_calls: int
    pools: tuple[ReservePool, ...]

    def __post_init__(self) -> None:
        """Refuse calls that would break the hours of a week."""
        require(
            4 <= self.days_between_calls <= 28,
            "days_between_calls must lie between 4 (a call is 24 hours, a week 48) and 28",
        )


@dataclass(frozen=True)
class AnnualLeave(Strict):
    """Annual leave: two fortnights a post, by weight of the fortnights of each half of the year."""

    first_half: tuple[float, ...]
    second_half: tuple[float, ...]
    single_days: int

    def __post_init__(self) -> None:
        """Refuse halves of a year that don't have 13 fortnights."""
        require_weights("first_half", self.first_half, 13)
        require_weights("second_half", self.second_half, 13)
        require(0 <= self.single_days <= 10, "single_days must lie between 0 and 10")


@dataclass(frozen=True)
class ParentalLeave(Strict):
    """Parental leave in days around a birth."""

    mother_days_before: int
    mother_days_after: int
    father_days: int

    def __post_init__(self) -> None:
        """Refuse negative leave and leave of more than a year."""
        for name in ("mother_days_before", "mother_days_after", "father_days"):
            require(0 <= getattr(self, name) <= 366, f"{name} must lie between 0 and 366")


@dataclass(frozen=True)
class SpellLength(Strict):
    """A length of sick leave, with its weight among the others."""

    days: int
    weight: int

    def __post_init__(self) -> None:
        """Refuse spells that the look-back of a roster can't hold."""
        require(1 <= self.days <= 60, "days of a spell must lie between 1 and 60")
        require(0 < self.weight <= 1000, "weight of a spell must lie between 1 and 1,000")


@dataclass(frozen=True)
class SickLeave(Strict):
    """Sick leave: the chance of a week, who takes it, when it starts and how long it lasts."""

    weekly_chance: float
    most_weekly_chance: float
    winter_amplitude: float
    winter_peak_day: int
    frailties: tuple[float, ...]
    start_by_weekday: tuple[int, ...]
    single_day_by_weekday: tuple[int, ...]
    lengths: tuple[SpellLength, ...]
    epidemic_weekly_chance: float
    epidemic_most_weekly_chance: float
    isolation_days: int
    shorter_isolation_from: date
    shorter_isolation_days: int

    def __post_init__(self) -> None:
        """Refuse chances above one and weeks of another length."""
        for name in (
            "weekly_chance",
            "most_weekly_chance",
            "winter_amplitude",
            "epidemic_weekly_chance",
            "epidemic_most_weekly_chance",
        ):
            require_share(name, getattr(self, name))
        require(0 <= self.winter_peak_day <= 365, "winter_peak_day must be a day of the year")
        require(
            bool(self.frailties) and all(0 <= one <= 20 for one in self.frailties),
            "frailties must lie between 0 and 20",
        )
        for name in ("start_by_weekday", "single_day_by_weekday"):
            require_weights(name, getattr(self, name), 7)
            require(max(getattr(self, name)) <= 1000, f"{name} must be at most 1,000")
        require(bool(self.lengths), "lengths must have one at least")
        for name in ("isolation_days", "shorter_isolation_days"):
            require(1 <= getattr(self, name) <= 60, f"{name} must lie between 1 and 60")


@dataclass(frozen=True)
class FamilyLeave(Strict):
    """Family responsibility leave: the chance of a week, and its longest spell in days."""

    weekly_chance: float
    longest_days: int

    def __post_init__(self) -> None:
        """Refuse chances above one."""
        require_share("weekly_chance", self.weekly_chance)
        require(1 <= self.longest_days <= 14, "longest_days must lie between 1 and 14")


@dataclass(frozen=True)
class Training(Strict):
    """A week of training a year, one of `weeks` weeks from `first_week` on: `days` from Monday."""

    first_week: int
    weeks: int
    days: int

    def __post_init__(self) -> None:
        """Refuse training that would reach into another year."""
        require(
            self.first_week >= 1 and self.weeks >= 1 and self.first_week + self.weeks <= 51,
            "first_week and weeks must end by week 51",
        )
        require(0 <= self.days <= 7, "days of training must lie between 0 and 7")


@dataclass(frozen=True)
class Attending(Strict):
    """Who attends a stay: seniors of the office cycle weigh `office_weight`, others 1."""

    office_weight: int

    def __post_init__(self) -> None:
        """Refuse weights out of bounds."""
        require(1 <= self.office_weight <= 1000, "office_weight must lie between 1 and 1,000")


@dataclass(frozen=True)
class WorkforceRules(Strict):
    """The workforce from `first_day` on: careers, absences, and the reserve that covers them."""

    first_day: date
    oldest_at_hire: int
    least_tenure_days: int
    professions: tuple[Profession, ...]
    grades: tuple[Grade, ...]
    reserve: Reserve
    annual_leave: AnnualLeave
    parental_leave: ParentalLeave
    sick_leave: SickLeave
    family_leave: FamilyLeave
    training: Training
    attending: Attending

    def __post_init__(self) -> None:
        """Refuse professions without grades, and a reserve of grades that don't exist."""
        require(40 <= self.oldest_at_hire <= 63, "oldest_at_hire must lie between 40 and 63")
        require(1 <= self.least_tenure_days <= 365, "least_tenure_days must lie between 1 and 365")
        roles = [one.role for one in self.professions]
        require(len(set(roles)) == len(roles), "professions must be of different roles")
        names = [one.name for one in self.grades]
        require(len(set(names)) == len(names), "grades must have different names")
        require({one.role for one in self.grades} <= set(roles), "grades must be of a profession")
        for role in roles:
            total = sum(one.share for one in self.grades if one.role == role)
            require(
                abs(total - 1) < 1e-9,
                f"shares of the grades of {role} must add up to 1, not {total:g}",
            )
        require(
            any(one.senior and one.attends for one in self.grades if one.role == DOCTOR),
            "grades must have a senior one of doctors that attends",
        )
        require(
            not any(
                one.senior or one.attends or one.emergency_weight
                for one in self.grades
                if one.role != DOCTOR
            ),
            "grades that are senior or attend must be of doctors",
        )
        self._require_pools()

    def _require_pools(self) -> None:
        """Refuse roles that are covered by nobody."""
        grades = {one.name: one for one in self.grades}
        unknown = sorted({one.grade for one in self.reserve.pools} - set(grades))
        require(not unknown, f"the reserve's pools name no grade {unknown}")
        kinds = [(grades[one.grade].role, grades[one.grade].senior) for one in self.reserve.pools]
        require(
            len(set(kinds)) == len(kinds), "the reserve must have one pool a role, two of doctors"
        )
        covered = {one.role for one in self.professions if one.cover_share > 0} | {DOCTOR, NURSE}
        lacking = sorted(covered - {role for role, _ in kinds})
        require(not lacking, f"the reserve needs a pool of {lacking}, whose shifts are covered")
        require((DOCTOR, True) in kinds, "the reserve needs a pool of seniors")


def require_posts_for(staffing: Staffing, rules: WorkforceRules) -> None:
    """Refuse posts, shifts and cycles on which this workforce can't keep its laws."""
    roles = [role.name for role in staffing.roles]
    professions = [one.role for one in rules.professions]
    require(
        sorted(roles) == sorted(professions),
        f"workforce.professions must be of the roles {sorted(roles)}, not {sorted(professions)}",
    )
    cycles = {cycle.name for cycle in staffing.cycles}
    for grade in rules.grades:
        unknown = sorted(set(grade.cycles) - cycles)
        require(not unknown, f"workforce.grades: cycles of {grade.name} names no cycle {unknown}")
    guaranteed = sum(grade.least_posts for grade in rules.grades) + staffing.seniors_on_cover_cycle
    require(
        rules.oldest_at_hire < staffing.retirement_age,
        f"workforce.oldest_at_hire must lie below retirement_age ({staffing.retirement_age})",
    )
    require(
        len(staffing.departments) <= MOST_DEPARTMENTS,
        f"staffing.departments can be {MOST_DEPARTMENTS} at most",
    )
    for entry in staffing.departments:
        require(
            entry.doctor >= guaranteed,
            f"staffing.departments: {entry.department} needs at least {guaranteed} doctors,"
            f" not {entry.doctor}",
        )
        require(
            entry.nurse >= NURSES_ON_COVER_CYCLE,
            f"staffing.departments: {entry.department} needs at least {NURSES_ON_COVER_CYCLE}"
            f" nurses, not {entry.nurse}",
        )
