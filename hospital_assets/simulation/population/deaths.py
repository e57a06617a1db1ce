"""Deaths: the day on which somebody dies, the dead of some days, and how to draw somebody living.

People born in the same year (or month, for the youngest) of one sex form a cell. Their positions in
it are scrambled, and they die from the lowest position on: a table holds how many of each cell have
died before each week. So a death is a comparison, and the dead and the living are ranges.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.counts import poisson
from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers, below
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.chance.permutations import PRIME_STRIDES, CellStrides
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.mortality import MortalityRules
from hospital_assets.simulation.population.births import Births, year_starts
from hospital_assets.simulation.population.life_table import (
    YEAR_DAYS,
    calendar_factor,
    yearly_hazard,
)
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    NEVER,
    NOBODY,
    SEXES,
    person,
    rank_of,
    sex_of,
)

_NEONATAL_DAYS = 28
_COUNT_BITS = 21
_LIVING_BITS = 24
_YOUNGEST_AGE = 0.02
_TRIES = 12


@dataclass(frozen=True)
class DeathCells:
    """The cells, women's first, each sex by date of birth: arrays [cell] but `of_sex`.

    `first_rank` is that of the cell's first born, `first_day` the first day of birth, `middle` the
    day in the middle, `first_week` the first week in which somebody past the first 28 days may die.
    `of_sex` are the places of the first cell of women and of men, and the number of cells.
    """

    sex: Integers
    first_rank: Integers
    size: Integers
    first_day: Integers
    middle: Integers
    first_week: Integers
    of_sex: tuple[int, int, int]

    @property
    def keys(self) -> Integers:
        """Return a number for each cell that says what it is."""
        return self.first_day * 2 + self.sex

    def of(self, persons: Integers) -> Integers:
        """Return each person's cell."""
        sexes, ranks = sex_of(persons), rank_of(persons)
        cells = np.empty_like(ranks)
        for sex in SEXES:
            rows = np.flatnonzero(sexes == sex)
            cells[rows] = self.of_ranks(sex, ranks[rows])
        return cells

    def of_ranks(self, sex: int, ranks: Integers) -> Integers:
        """Return the cell of each rank of one sex."""
        first, end = self.of_sex[sex], self.of_sex[sex + 1]
        return first + np.searchsorted(self.first_rank[first:end], ranks, "right") - 1


class Deaths:
    """The deaths of a population from its first day of deaths on.

    `cells` are the cells; `dead[cell, week]` counts who has died before the week's first day, those
    who die in their first 28 days from the beginning on.
    """

    def __init__(self, seed: int, births: Births, rules: MortalityRules) -> None:
        self._births = births
        self._first_day = day_number(rules.first_day)
        end = int(year_starts(births.years[-1:] + 1)[0]) - 1
        self._weeks = (end - self._first_day) // 7
        self.cells = _cells(births, rules, self._first_day)
        self.dead = _dead_by_week(seed, rules, self.cells, self._first_day, self._weeks)
        rows = np.arange(len(self.dead))[:, None]
        self._dead_keys = ((rows << _COUNT_BITS) + self.dead).reshape(-1)
        self._scramble = CellStrides(
            DrawStream(seed, "death"), self.cells.size, self.cells.keys, PRIME_STRIDES[3]
        )
        self._day_stream = DrawStream(seed, "death/day")
        self._neonatal_days = np.array(rules.neonatal_days)
        self._living, self._living_keys = self._living_by_week()

    def days(self, persons: Integers) -> Integers:
        """Return the day on which each person dies, NEVER beyond the simulated years."""
        cells, positions = self.positions(persons)
        days = np.full(len(persons), NEVER, np.int64)
        rows = np.flatnonzero(positions < self.dead[cells, -1])
        days[rows] = self._days_at(persons[rows], cells[rows], positions[rows])
        return days

    def positions(self, persons: Integers) -> tuple[Integers, Integers]:
        """Return each person's cell and position: the lower the position, the earlier the death."""
        cells = self.cells.of(persons)
        return cells, self._scramble.forward(rank_of(persons) - self.cells.first_rank[cells], cells)

    def persons(self, cells: Integers, positions: Integers) -> Integers:
        """Return who stands at each position of each cell."""
        ranks = self._scramble.backward(positions, cells) + self.cells.first_rank[cells]
        return person(self.cells.sex[cells], ranks)

    def between(self, first: int, end: int) -> tuple[Integers, Integers]:
        """Return everybody past the first 28 days who dies on a day of [first, end).

        Persons and their days of death, by day and person.
        """
        week, last = self.weeks_before(np.array([first])), self.weeks_before(np.array([end + 6]))
        low, high = self.dead[:, week[0]].astype(np.int64), self.dead[:, last[0]].astype(np.int64)
        cells, offsets = _expand(high - low)
        positions = low[cells] + offsets
        persons = self.persons(cells, positions)
        days = self._days_at(persons, cells, positions)
        return _by_day(persons, days, first, end)

    def newborns_between(self, first: int, end: int) -> tuple[Integers, Integers]:
        """Return everybody who dies within 28 days of birth on a day of [first, end)."""
        ranks = [
            person(sex, np.arange(*self._births.before(sex, [first - _NEONATAL_DAYS + 1, end])))
            for sex in SEXES
        ]
        born = np.concatenate(ranks)
        cells, positions = self.positions(born)
        rows = np.flatnonzero(positions < self.dead[cells, 0])
        days = self._days_at(born[rows], cells[rows], positions[rows])
        return _by_day(born[rows], days, first, end)

    def draw_living(
        self,
        stream: DrawStream,
        entity: Integers,
        sex: Integers,
        low: Integers,
        high: Integers,
        day: Integers,
        horizon: int = 0,
    ) -> Integers:
        """Return somebody of each rank range [low, high) who lives beyond day + horizon.

        A cell is drawn by its living, then a living position in it; those beyond the edges of the
        range are drawn again. NOBODY where there is none, or twelve tries found none.
        """
        found = np.full(len(entity), NOBODY, np.int64)
        pending = np.flatnonzero(high > low)
        for number in range(_TRIES):
            if not len(pending):
                break
            bits = stream.bits(entity[pending], number)
            for one in SEXES:
                rows = np.flatnonzero(sex[pending] == one)
                asked = pending[rows]
                week = self.weeks_before(day[asked] + horizon + 7)
                ranks = self._living_rank(one, week, low[asked], high[asked], bits[rows])
                fits = (ranks >= low[asked]) & (ranks < high[asked])
                found[asked[fits]] = person(one, ranks[fits])
            pending = pending[found[pending] == NOBODY]
        return found

    def living_before(self, sex: int, ranks: Integers, day: int) -> Integers:
        """Return how many who were born before each rank of a sex live at the week of a day.

        The dead of a cell count as if they stood evenly among its ranks.
        """
        first_cell, living = self.cells.of_sex[sex], self._living[sex]
        here = living[int(self.weeks_before(np.array(day)))]
        cell = self.cells.of_ranks(sex, ranks) - first_cell
        before = np.where(cell > 0, here[cell - 1], 0)
        place = ranks - self.cells.first_rank[cell + first_cell]
        return before + (here[cell] - before) * place // self.cells.size[cell + first_cell]

    def weeks_before(self, days: Integers) -> Integers:
        """Return the number of whole weeks of deaths before each day, at most all."""
        return np.clip((days - self._first_day) // 7, 0, self._weeks)

    def _days_at(self, persons: Integers, cells: Integers, positions: Integers) -> Integers:
        """Return the day of death of people whose positions are those of dead."""
        keys = (cells << _COUNT_BITS) + positions
        week = np.searchsorted(self._dead_keys, keys, "right") - cells * (self._weeks + 1)
        bits = self._day_stream.bits(persons)
        days = self._first_day + (week - 1) * 7 + (bits % np.uint64(7)).astype(np.int64)
        newborn = np.flatnonzero(week == 0)
        ages = self._neonatal_days[
            (bits[newborn] % np.uint64(len(self._neonatal_days))).astype(np.int64)
        ]
        days[newborn] = self._births.days(persons[newborn]) + ages
        return days

    def _living_by_week(self) -> tuple[tuple[Integers, Integers], tuple[Integers, Integers]]:
        """Return the living of each sex, cumulated over its cells [week, cell], and search keys."""
        living = (self.cells.size[:, None] - self.dead).T.astype(np.int64)
        middle = self.cells.of_sex[MALE]
        women = np.cumsum(living[:, :middle], axis=1)
        men = np.cumsum(living[:, middle:], axis=1)
        rows = np.arange(self._weeks + 1)[:, None] << _LIVING_BITS
        return (women, men), ((women + rows).reshape(-1), (men + rows).reshape(-1))

    def _living_rank(
        self, sex: int, week: Integers, low: Integers, high: Integers, bits: Bits
    ) -> Integers:
        """Return a rank drawn from those who live at the beginning of the week."""
        living = self._living[sex]
        first_cell = self.cells.of_sex[sex]
        first = self.cells.of_ranks(sex, low) - first_cell
        last = self.cells.of_ranks(sex, high - 1) - first_cell
        before = np.where(first > 0, living[week, first - 1], 0)
        drawn = before + below(bits, np.maximum(living[week, last] - before, 1))
        keys = (week << _LIVING_BITS) + drawn
        cell = np.searchsorted(self._living_keys[sex], keys, "right") - week * living.shape[1]
        cell = np.minimum(cell, living.shape[1] - 1)
        offset = drawn - np.where(cell > 0, living[week, cell - 1], 0)
        cells = cell + first_cell
        position = np.minimum(self.dead[cells, week] + offset, self.cells.size[cells] - 1)
        return self._scramble.backward(position, cells) + self.cells.first_rank[cells]


def _cells(births: Births, rules: MortalityRules, first_day: int) -> DeathCells:
    """Return the cells: years of birth, and months from the year on that the rules say."""
    starts = []
    for year in births.years.tolist():
        months = range(1, 13) if year >= rules.months_from_year else (1,)
        starts += [day_number(date(year, month, 1)) for month in months]
    end = int(year_starts(births.years[-1:] + 1)[0])
    first, after = np.array(starts), np.array([*starts[1:], end])
    by_month = np.array([day >= day_number(date(rules.months_from_year, 1, 1)) for day in starts])
    week = np.maximum(0, -((first_day - after - _NEONATAL_DAYS) // 7))
    ranks = np.stack([births.before(sex, first) for sex in SEXES])
    sizes = np.stack([births.before(sex, after) for sex in SEXES]) - ranks
    return DeathCells(
        sex=np.repeat([FEMALE, MALE], len(first)),
        first_rank=ranks.reshape(-1),
        size=sizes.reshape(-1),
        first_day=np.tile(first, 2),
        middle=np.tile((first + after) // 2, 2),
        first_week=np.tile(np.where(by_month, week, 0), 2),
        of_sex=(0, len(first), 2 * len(first)),
    )


def _dead_by_week(
    seed: int, rules: MortalityRules, cells: DeathCells, first_day: int, weeks: int
) -> NDArray[np.int32]:
    """Return how many of each cell have died before each week [cell, week + 1]."""
    stream = DrawStream(seed, "deaths")
    risk = _weekly_risk(rules, cells, first_day, weeks)
    neonatal = poisson(stream.bits(cells.keys, -1), np.maximum(cells.size * rules.neonatal, 1e-9))
    dead = np.where(cells.middle >= first_day, np.minimum(neonatal, cells.size), 0)
    table = np.zeros((len(cells.size), weeks + 1), np.int32)
    table[:, 0] = dead
    scrambled = stream.bits(cells.keys[:, None], np.arange(weeks)[None, :])
    for week in range(weeks):
        expected = np.maximum((cells.size - dead) * risk[:, week], 1e-12)
        dead = np.minimum(dead + poisson(scrambled[:, week], expected), cells.size)
        table[:, week + 1] = dead
    return table


def _weekly_risk(rules: MortalityRules, cells: DeathCells, first_day: int, weeks: int) -> Floats:
    """Return the probability [cell, week] that somebody who lives at its beginning dies in it."""
    middles = np.arange(weeks) * 7 + first_day + 3
    ages = (middles[None, :] - cells.middle[:, None]) / YEAR_DAYS
    hazard = np.empty_like(ages)
    for sex in SEXES:
        rows = slice(cells.of_sex[sex], cells.of_sex[sex + 1])
        hazard[rows] = yearly_hazard(rules.hazard(sex), np.maximum(ages[rows], _YOUNGEST_AGE))
    hazard = np.minimum(hazard, rules.most_a_year)
    days = np.broadcast_to(middles[None, :], ages.shape)
    hazard = hazard * calendar_factor(rules, days, ages) * 7 / YEAR_DAYS
    born = (np.arange(weeks)[None, :] >= cells.first_week[:, None]) & (ages > 0)
    return 1 - exact.exp(-np.where(born, hazard, 0.0))


def _by_day(persons: Integers, days: Integers, first: int, end: int) -> tuple[Integers, Integers]:
    within = (days >= first) & (days < end)
    persons, days = persons[within], days[within]
    order = np.lexsort((persons, days))
    return persons[order], days[order]


def _expand(counts: Integers) -> tuple[Integers, Integers]:
    """Return the row of each of the counted, and its number among those of its row."""
    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
