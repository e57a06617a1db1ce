"""Posts, shifts and the cycles that join them."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.shift_laws import (
    LEAST_ON_COVER_CYCLE,
    require_cover,
    require_lawful,
)

SHIFT_PATTERN_FREE = "-"
ROLES = ("doctor", "nurse", "allied_health", "administration", "support")
RETIREMENT = (60, 75)


@dataclass(frozen=True)
class Shift(Strict):
    """A shift: its letter in the cycles, its name, and its hours."""

    letter: str
    name: str
    start_hour: int
    hours: int

    def __post_init__(self) -> None:
        """Refuse shifts outside the day."""
        require(
            len(self.letter) == 1 and self.letter != SHIFT_PATTERN_FREE,
            "letter of a shift must be one character other than '-'",
        )
        require(
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
        require(len(self.pattern) >= 1, f"pattern of {self.name} must not be empty")
        if self.weekly:
            require(
                len(self.pattern) == 7 and not self.offsets,
                f"{self.name} is weekly: seven letters, no offsets",
            )
        else:
            require(
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
    """A role and its filled posts."""

    name: str
    posts: int


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
        require(
            RETIREMENT[0] <= self.retirement_age <= RETIREMENT[1],
            f"retirement_age must lie between {RETIREMENT[0]} and {RETIREMENT[1]}",
        )
        require(len(letters) == len(self.shifts), "shifts must have different letters")
        require(len(names) == len(self.cycles), "cycles must have different names")
        require(
            sorted(role.name for role in self.roles) == sorted(ROLES),
            f"roles must be {', '.join(ROLES)}, each once",
        )
        for cycle in self.cycles:
            unknown = set(cycle.pattern) - set(letters) - {SHIFT_PATTERN_FREE}
            require(not unknown, f"pattern of {cycle.name} has no shift for {sorted(unknown)}")
        for role in self.roles:
            total = sum(getattr(entry, role.name) for entry in self.departments)
            require(
                total == role.posts,
                f"posts of {role.name} by department add up to {total}, not {role.posts}",
            )
        require(self.cover_cycle in names, f"cover_cycle must be one of {sorted(names)}")
        require(
            self.seniors_on_cover_cycle >= LEAST_ON_COVER_CYCLE,
            f"seniors_on_cover_cycle must be at least {LEAST_ON_COVER_CYCLE}, one for each pair of"
            " days and nights",
        )
        self._require_laws()
        for entry in self.departments:
            require(
                entry.doctor >= self.seniors_on_cover_cycle,
                f"{entry.department} needs at least {self.seniors_on_cover_cycle} doctors",
            )

    def _require_laws(self) -> None:
        """Refuse cycles that break a law whoever works them."""
        hours = {shift.letter: (shift.start_hour, shift.hours) for shift in self.shifts}
        for cycle in self.cycles:
            require_lawful(cycle.name, cycle.pattern, hours)
        cover = next(cycle for cycle in self.cycles if cycle.name == self.cover_cycle)
        require_cover(cover.name, cover.pattern, cover.offsets, LEAST_ON_COVER_CYCLE, hours)
