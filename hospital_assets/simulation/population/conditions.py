"""Chronic conditions: who has one, and the n-th of those who have it.

A condition sits on the positions by which people die (see `deaths`). In each block of 256 positions
of a cell some have it, scattered by an odd stride and a shift of the block. Blocks of those who die
soon hold more, so that the ill die earlier, and the living meet the prevalence of their age.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers, below
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.conditions import Condition
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.population.births import Births
from hospital_assets.simulation.population.deaths import Deaths
from hospital_assets.simulation.population.life_table import YEAR_DAYS
from hospital_assets.simulation.population.person_numbers import MALE, SEXES, person

_BLOCK = 256
_BLOCKS_OF_CELL = 4096
_MOST = 0.97
_OLDEST = 104.0
_ROUNDING = 1e-9
# Odd, so that each reaches all 256 places, and none near 0 or 256, so that it scatters.
_STRIDES = (157, 99, 201, 45, 75, 115, 139, 181, 229, 61, 87, 173, 211, 35, 19, 243, 117)


@dataclass(frozen=True)
class _Blocks:
    """Blocks of positions, by cell: arrays [block]; only whole ones hold conditions.

    `first` is the place of each cell's first block [cell + 1]; `dying` are blocks of people who die
    soon, `living` of people who live on the reference day; `people` is how many of a cell's
    positions lie in or after the first block of living ones. `of_sex` are the places of the first
    block of women and of men, and the number of blocks.
    """

    of_sex: Integers
    first: Integers
    cell: Integers
    number: Integers
    size: Integers
    whole: NDArray[np.bool_]
    dying: NDArray[np.bool_]
    living: NDArray[np.bool_]
    people: Integers


@dataclass(frozen=True)
class _Spread:
    """One condition: how many of each block have it, and where; both sums from the first block."""

    count: Integers
    with_it: Integers
    without_it: Integers
    shift: Integers
    stride: int
    inverse: int


@dataclass(frozen=True)
class _Living:
    """The living with a condition by cell: those in the block that death has reached, and all.

    `part` [cell, 256] says who of that block they are; `in_part` and `count` are their numbers.
    """

    cell: Integers
    block: Integers
    part: NDArray[np.bool_]
    in_part: Integers
    count: Integers


class Conditions:
    """The conditions of a population; each is asked for by its name or its place in `names`."""

    def __init__(self, seed: int, births: Births, deaths: Deaths, rules: PeopleRules) -> None:
        self._births, self._deaths = births, deaths
        self._rules = rules.conditions
        self.names = tuple(one.name for one in rules.conditions)
        reference = day_number(rules.population.reference_day)
        self._blocks = _blocks(deaths, reference, day_number(rules.condition_rules.dying_until))
        ages = _ages(births, deaths, reference)
        self._spreads = [
            _spread(DrawStream(seed, f"condition/{one.name}"), one, deaths, self._blocks, ages)
            for one in rules.conditions
        ]

    def number(self, condition: str | int) -> int:
        """Return the place of a condition in `names`."""
        return self.names.index(condition) if isinstance(condition, str) else condition

    def prevalence(self, condition: str | int, sex: int, ages: ArrayLike) -> Floats:
        """Return the share of the living of each age who have the condition."""
        return exact.curve(self._rules[self.number(condition)].prevalence(sex), ages)

    def where(self, persons: Integers) -> tuple[Integers, Integers]:
        """Return each person's block and place in it, of which `has_at` asks."""
        cells, positions = self._deaths.positions(persons)
        return self._blocks.first[cells] + positions // _BLOCK, positions % _BLOCK

    def has(self, condition: str | int, persons: Integers) -> NDArray[np.bool_]:
        """Return who has the condition."""
        return self.has_at(condition, *self.where(persons))

    def has_at(self, condition: str | int, blocks: Integers, places: Integers) -> NDArray[np.bool_]:
        """Return who has the condition of the people at places of blocks."""
        spread = self._spreads[self.number(condition)]
        return ((places * spread.stride + spread.shift[blocks]) % _BLOCK) < spread.count[blocks]

    def members(self, condition: str | int) -> Integers:
        """Return the people with the condition who attend a clinic of this hospital."""
        spread = self._spreads[self.number(condition)]
        every = self._rules[self.number(condition)].registered_every
        first, end = (
            spread.with_it[self._blocks.of_sex[:2]],
            spread.with_it[self._blocks.of_sex[1:]],
        )
        numbers = [np.arange(first[sex], end[sex], every) for sex in SEXES]
        return self._with(spread, np.concatenate(numbers))

    def pick(
        self,
        condition: str | int,
        sex: Integers,
        low: Integers,
        high: Integers,
        bits: Bits,
        positive: NDArray[np.bool_],
        registered: NDArray[np.bool_],
    ) -> Integers:
        """Return somebody of each range of ranks [low, high), with or without the condition.

        Drawn from the cells that the range touches, so it may lie beyond the range's edges, and be
        dead: the caller refuses those. `positive` asks for somebody with the condition, as far as
        there is one; `registered` for one of `members`, as far as there are several.
        """
        spread = self._spreads[self.number(condition)]
        every = self._rules[self.number(condition)].registered_every
        first, end = self._blocks_of_ranks(sex, low, high)
        positive = positive & (spread.with_it[end] > spread.with_it[first])
        before = np.where(positive, spread.with_it[first], spread.without_it[first])
        count = np.where(positive, spread.with_it[end], spread.without_it[end]) - before
        number = before + below(bits, np.maximum(count, 1))
        known = registered & positive & (count > 2 * every)
        # Members are counted from the first of their sex on.
        since = spread.with_it[self._blocks.of_sex[sex]]
        next_known = -(-(number - since) // every) * every
        last_known = (before + count - 1 - since) // every * every
        number = np.where(known, since + np.minimum(next_known, last_known), number)
        persons = np.empty(len(sex), np.int64)
        persons[positive] = self._with(spread, number[positive])
        persons[~positive] = self._without(spread, number[~positive])
        return persons

    def living_with(
        self, condition: str | int, sex: int, first_year: int, end_year: int, day: int
    ) -> int:
        """Return how many of those born in [first_year, end_year) have it and live.

        They live at the beginning of the day's week of deaths.
        """
        return int(self._living(condition, sex, first_year, end_year, day).count.sum())

    def nth_living(
        self,
        condition: str | int,
        sex: int,
        first_year: int,
        end_year: int,
        day: int,
        numbers: Integers,
    ) -> Integers:
        """Return the n-th of those that `living_with` counts, for each number."""
        spread = self._spreads[self.number(condition)]
        living = self._living(condition, sex, first_year, end_year, day)
        before = np.concatenate([[0], np.cumsum(living.count)])
        row = np.searchsorted(before, numbers, "right") - 1
        rest = numbers - before[row]
        persons = np.empty(len(numbers), np.int64)
        in_part = rest < living.in_part[row]
        here = np.flatnonzero(in_part)
        reached = np.cumsum(living.part[row[here]], axis=1)
        place = np.argmax(reached > rest[here, None], axis=1)
        blocks = living.block[row[here]]
        positions = self._blocks.number[blocks] * _BLOCK + place
        persons[here] = self._deaths.persons(living.cell[row[here]], positions)
        there = np.flatnonzero(~in_part)
        later = self._later_block(living.block[row[there]], living.cell[row[there]])
        number = rest[there] - living.in_part[row[there]] + spread.with_it[later]
        persons[there] = self._with(spread, number)
        return persons

    def _living(
        self, condition: str | int, sex: int, first_year: int, end_year: int, day: int
    ) -> _Living:
        spread = self._spreads[self.number(condition)]
        first, end = (
            self._births.before_year[sex, year - self._births.first_year]
            for year in (first_year, end_year)
        )
        ends = self._deaths.cells.of_ranks(sex, np.array([first, end - 1]))
        cells = np.arange(ends[0], ends[1] + 1)
        week = self._deaths.weeks_before(np.array([day]))[0]
        dead = self._deaths.dead[cells, week].astype(np.int64)
        reached = self._blocks.first[cells] + dead // _BLOCK
        block = np.minimum(reached, self._blocks.first[cells + 1] - 1)
        places = np.broadcast_to(np.arange(_BLOCK), (len(cells), _BLOCK))
        part = (places * spread.stride + spread.shift[block][:, None]) % _BLOCK
        part = part < spread.count[block][:, None]
        part &= (places >= (dead % _BLOCK)[:, None]) & (reached == block)[:, None]
        in_part = part.sum(axis=1)
        later = self._later_block(block, cells)
        whole = spread.with_it[self._blocks.first[cells + 1]] - spread.with_it[later]
        return _Living(cells, block, part, in_part, in_part + whole)

    def _later_block(self, block: Integers, cells: Integers) -> Integers:
        """Return the block after each one, at most the first of the next cell."""
        return np.minimum(block + 1, self._blocks.first[cells + 1])

    def _blocks_of_ranks(
        self, sex: Integers, low: Integers, high: Integers
    ) -> tuple[Integers, Integers]:
        """Return the blocks [first, end) of all cells that each range of ranks touches."""
        first, last = np.empty_like(low), np.empty_like(low)
        for one in SEXES:
            rows = np.flatnonzero(sex == one)
            first[rows] = self._deaths.cells.of_ranks(one, low[rows])
            highest = np.maximum(high[rows] - 1, low[rows])
            last[rows] = self._deaths.cells.of_ranks(one, highest)
        return self._blocks.first[first], self._blocks.first[last + 1]

    def _with(self, spread: _Spread, numbers: Integers) -> Integers:
        """Return the n-th person with the condition, over all cells."""
        block = np.searchsorted(spread.with_it, numbers, "right") - 1
        turned = numbers - spread.with_it[block]
        return self._at(block, ((turned - spread.shift[block]) * spread.inverse) % _BLOCK)

    def _without(self, spread: _Spread, numbers: Integers) -> Integers:
        """Return the n-th person without the condition, over all cells."""
        block = np.searchsorted(spread.without_it, numbers, "right") - 1
        rest = numbers - spread.without_it[block]
        turned = spread.count[block] + rest
        place = ((turned - spread.shift[block]) * spread.inverse) % _BLOCK
        return self._at(block, np.where(self._blocks.whole[block], place, rest))

    def _at(self, blocks: Integers, places: Integers) -> Integers:
        positions = self._blocks.number[blocks] * _BLOCK + places
        return self._deaths.persons(self._blocks.cell[blocks], positions)


def _blocks(deaths: Deaths, reference: int, dying_until: int) -> _Blocks:
    sizes = deaths.cells.size
    counts = -(-sizes // _BLOCK)
    first = np.concatenate([[0], np.cumsum(counts)])
    cell = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(cell)) - first[cell]
    size = np.minimum(sizes[cell] - number * _BLOCK, _BLOCK)
    whole = size == _BLOCK
    weeks = deaths.weeks_before(np.array([reference, dying_until]))
    dead, dying = deaths.dead[:, weeks[0]].astype(np.int64), deaths.dead[:, weeks[1]]
    lives = number >= (dead // _BLOCK)[cell]
    people = np.zeros(len(counts), np.int64)
    np.add.at(people, cell, np.where(lives, size, 0))
    is_dying = number * _BLOCK + _BLOCK // 2 < dying[cell]
    of_sex = first[list(deaths.cells.of_sex)]
    return _Blocks(of_sex, first, cell, number, size, whole, is_dying, lives & whole, people)


def _ages(births: Births, deaths: Deaths, reference: int) -> Floats:
    """Return the age of each cell's middle on the reference day, 0 for those born later."""
    cells = deaths.cells
    some = np.flatnonzero(cells.size > 0)
    born = np.zeros(len(cells.size), np.int64)
    middle = cells.first_rank[some] + cells.size[some] // 2
    born[some] = births.days(person(cells.sex[some], middle))
    return np.clip((reference - born) / YEAR_DAYS, 0, _OLDEST)


def _spread(
    stream: DrawStream, condition: Condition, deaths: Deaths, blocks: _Blocks, ages: Floats
) -> _Spread:
    """Spread a condition over the blocks, so that the living meet the prevalence of their age."""
    prevalence = np.empty(len(ages))
    for sex in SEXES:
        rows = deaths.cells.sex == sex
        prevalence[rows] = exact.curve(condition.prevalence(sex), ages[rows])
    of_cell = np.zeros((2, len(ages)), np.int64)
    for row, chosen in enumerate((blocks.living & ~blocks.dying, blocks.living & blocks.dying)):
        np.add.at(of_cell[row], blocks.cell, np.where(chosen, blocks.size, 0))
    weighted = of_cell[0] + condition.before_death * of_cell[1]
    scale = np.where(weighted > 0, np.maximum(blocks.people, 1) / np.maximum(weighted, 1), 1.0)
    weight = np.where(blocks.dying, condition.before_death, 1.0)
    share = np.minimum(prevalence[blocks.cell] * weight * scale[blocks.cell], _MOST)
    expected = np.where(blocks.whole, share * _BLOCK, 0.0)
    count = np.minimum(_whole_numbers(expected, blocks), _BLOCK)
    stride = _STRIDES[stream.word(0, 1) % len(_STRIDES)]
    keys = deaths.cells.keys[blocks.cell] * _BLOCKS_OF_CELL + blocks.number
    return _Spread(
        count=count,
        with_it=np.concatenate([[0], np.cumsum(count)]),
        without_it=np.concatenate([[0], np.cumsum(blocks.size - count)]),
        shift=(stream.bits(keys) % np.uint64(_BLOCK)).astype(np.int64),
        stride=stride,
        inverse=pow(stride, -1, _BLOCK),
    )


def _whole_numbers(expected: Floats, blocks: _Blocks) -> Integers:
    """Round each block's number so that the sums over the blocks stay, each sex for itself.

    A sex's cells follow each other by birth, so that later births change no earlier number.
    """
    middle = blocks.of_sex[MALE]
    parts = []
    for part in (expected[:middle], expected[middle:]):
        sums = np.floor(np.cumsum(part) + _ROUNDING).astype(np.int64)
        parts.append(np.where(part > 0, np.diff(sums, prepend=0), 0))
    return np.concatenate(parts)
