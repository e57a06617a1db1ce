"""Leave that nobody plans: sick leave and family responsibility leave, in spells of days.

Everything hangs on the week (from Monday) and on who holds the post on that Monday, so that the
days which are asked for change nothing.
"""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers, chance
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.mortality import Wave
from hospital_assets.simulation.parameters.workforce import FamilyLeave, SickLeave
from hospital_assets.simulation.population.person_numbers import NOBODY
from hospital_assets.simulation.workforce.holders import Holders
from hospital_assets.simulation.workforce.leave_grid import Spells

_MONDAY = 4  # 1970-01-05
_A_NEW_YEAR = day_number(date(2020, 1, 1))
_DAYS_A_YEAR = 365.25
_TINY = -700.0
_START, _LENGTH, _EPIDEMIC, _FAMILY = range(4)
_FRAILTY = -7


class Weeks:
    """The weeks whose spells may reach into days, with the holder of every post on the Monday.

    Arrays are [weeks, posts] unless said; `staff` is 0 where nobody holds the post.
    """

    def __init__(
        self, stream: DrawStream, holders: Holders, posts: int, first: int, last: int, longest: int
    ) -> None:
        self.number = np.arange((first - _MONDAY - longest) // 7 - 1, (last - _MONDAY) // 7 + 1)
        self.monday: Integers = self.number * 7 + _MONDAY
        self._stream, self._posts = stream, posts
        holder = holders.at(np.arange(posts)[None, :], self.monday[:, None])
        self.staff = np.where(holder == NOBODY, 0, holders.staff[holder])

    def bits(self, purpose: int) -> Bits:
        """Return a draw for each week and holder."""
        return self._stream.bits(self.staff, self.number[:, None] * 4 + purpose)

    def frailties(self, table: tuple[float, ...]) -> Floats:
        """Return each holder's own factor, each of the table as likely as another."""
        draws = self._stream.bits(self.staff, _FRAILTY) % np.uint64(len(table))
        return np.array(table)[draws.astype(np.int64)]

    def spells(self, starts: NDArray[np.bool_], day_of_week: Integers, days: Integers) -> Spells:
        """Return the spells of the weeks and posts that `starts` says."""
        week, post = np.nonzero(starts)
        first = self.monday[week] + day_of_week[week, post]
        return Spells(post, self.staff[week, post], first, days[week, post])


def sick_spells(weeks: Weeks, factor: Floats, rules: SickLeave, waves: tuple[Wave, ...]) -> Spells:
    """Return the sick leave of the weeks; `factor` is by post, how hard an epidemic hits."""
    season = _winter(weeks.monday, rules)[:, None]
    usual = rules.weekly_chance * weeks.frailties(rules.frailties) * season
    starts = chance(weeks.bits(_START), np.minimum(usual, rules.most_weekly_chance))
    draws = weeks.bits(_LENGTH)
    weekday = _look_up(draws, 0, np.repeat(np.arange(7), rules.start_by_weekday))
    single_day = _look_up(draws, 20, np.repeat(np.arange(7), rules.single_day_by_weekday))
    lengths = np.repeat([one.days for one in rules.lengths], [one.weight for one in rules.lengths])
    days = _look_up(draws, 8, lengths)
    weekday = np.where(days == 1, single_day, weekday)
    infected = rules.epidemic_weekly_chance * _epidemics(weeks.monday, waves)[:, None] * factor
    infected = np.minimum(infected, rules.epidemic_most_weekly_chance)
    isolated = chance(weeks.bits(_EPIDEMIC), infected)
    shorter = weeks.monday >= day_number(rules.shorter_isolation_from)
    isolation = np.where(shorter, rules.shorter_isolation_days, rules.isolation_days)
    days = np.where(isolated, isolation[:, None], days)
    return weeks.spells(starts | isolated, weekday, days)


def family_spells(weeks: Weeks, rules: FamilyLeave) -> Spells:
    """Return the family responsibility leave of the weeks."""
    draws = weeks.bits(_FAMILY)
    days = 1 + _look_up(draws, 8, np.arange(rules.longest_days))
    return weeks.spells(chance(draws, rules.weekly_chance), _look_up(draws, 0, np.arange(7)), days)


def longest_spell(sick: SickLeave, family: FamilyLeave) -> int:
    """Return how many days a spell may last after its week's Monday."""
    lengths = [one.days for one in sick.lengths]
    isolation = (sick.isolation_days, sick.shorter_isolation_days)
    return 6 + max(*lengths, *isolation, family.longest_days)


def _winter(days: Integers, rules: SickLeave) -> Floats:
    """Return the season's factor on sick leave, largest on the peak day of a year."""
    turns = ((days - _A_NEW_YEAR) % _DAYS_A_YEAR - rules.winter_peak_day) / _DAYS_A_YEAR
    return 1 + rules.winter_amplitude * exact.cosine(turns)


def _epidemics(days: Integers, waves: tuple[Wave, ...]) -> Floats:
    """Return the height of all waves together."""
    height = np.zeros(len(days))
    for wave in waves:
        distance = (days - day_number(wave.peak)) / wave.days
        height = height + wave.height * exact.exp(np.maximum(-distance * distance / 2, _TINY))
    return height


def _look_up(draws: Bits, shift: int, table: ArrayLike) -> Integers:
    """Return an entry of the table for each draw, of whose bits those from `shift` on are used."""
    entries = np.asarray(table, np.int64)
    place = (draws >> np.uint64(shift)) % np.uint64(len(entries))
    return entries[place.astype(np.int64)]
