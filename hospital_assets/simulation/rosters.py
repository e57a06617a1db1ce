"""The roster of some days, made once for the records that are read off it."""

from functools import lru_cache

from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.workforce.workforce import Roster


# With the eve, for who is on duty in the first hours, and without.
@lru_cache(maxsize=2)
def roster(hospital: Hospital, first: int, last: int) -> Roster:
    """Return the roster of the days [first, last]."""
    return hospital.workforce.roster(first, last)
