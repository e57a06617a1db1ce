"""What a tick asks for: the days that are due, not there and not under way."""

from collections.abc import Iterable
from datetime import date

from hospital_assets.calendar.period import Period, consecutive

# A range is one run; a quarter keeps a run short enough to be seen and repeated.
MAXIMUM_DAYS_A_RANGE = 92
MAXIMUM_RANGES = 4


def missing_ranges(due: Iterable[date], present: set[date], in_flight: set[date]) -> list[Period]:
    """Return the ranges to request now, oldest first; what they leave out comes at a later tick."""
    missing = [day for day in due if day not in present and day not in in_flight]
    return consecutive(missing, MAXIMUM_DAYS_A_RANGE)[:MAXIMUM_RANGES]
