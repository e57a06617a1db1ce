"""Mothers and children: who somebody's mother is, and who a woman's children are.

Women of a year and community are cut by position into classes by the number of their children. For
each child a class is to have (a slot) and each age of the mother, a whole number of women gives
birth; the cumulated counts are read by both sides, so that mother and child name each other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import DrawStream, Integers, chance
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.chance.permutations import PRIME_STRIDES, CellStrides
from hospital_assets.simulation.parameters.kin import FamilyRules, MotherhoodClass
from hospital_assets.simulation.population.cohorts import ROUNDING, Cells, Cohorts
from hospital_assets.simulation.population.person_numbers import (
    FEMALE,
    MALE,
    NOBODY,
    rank_of,
    sex_of,
)

# Tables are searched by row and count in one number: row * 2**21 + count.
_COUNT_BITS = 21


@dataclass(frozen=True)
class Mothers:
    """The mother of each of n people: rows without one have `known` False and no meaning else.

    A mother is of the child's community; `last_child` says that she has no further child after.
    """

    known: NDArray[np.bool_]
    year: Integers
    position: Integers
    last_child: NDArray[np.bool_]

    def cells(self, community: Integers, rows: Integers) -> Cells:
        """Return the mothers of some rows, given each person's community."""
        return _women(self.year[rows], community[rows], self.position[rows])


@dataclass(frozen=True)
class _Slots:
    """A row for each child of each class: its class, and whether it is the class's last child."""

    of_class: Integers
    number: Integers
    first: Integers
    last: NDArray[np.bool_]


class Families:
    """Mothers and children of a population."""

    def __init__(
        self,
        seed: int,
        cohorts: Cohorts,
        rules: FamilyRules,
        reference_year: int,
        foreign: Integers,
    ) -> None:
        self._cohorts = cohorts
        self._rules = rules
        self._slots = _slots(rules.classes)
        self._ages = np.arange(rules.youngest_mother, rules.oldest_mother + 1)
        self._class_starts = _class_starts(rules, cohorts)
        wanted = _wanted_with_mother(rules, cohorts, reference_year, foreign)
        births = _births_of_mothers(rules, cohorts, self._slots, self._class_starts, wanted)
        self._set_tables(births)
        self._scramble = CellStrides(
            DrawStream(seed, "child"),
            cohorts.sizes.sum(axis=0).reshape(-1),
            cohorts.keys,
            PRIME_STRIDES[0],
        )
        self._twins = DrawStream(seed, "twin")
        first_twin_year = min(max(rules.twins_from - cohorts.first_year, 0), len(cohorts.years))
        self._first_twin_rank = cohorts.births.before_year[:, first_twin_year]

    def mothers(self, persons: Integers) -> Integers:
        """Return each person's mother, NOBODY where she isn't one of the population."""
        cells = self.family_cells(persons)
        found = self.mothers_of(cells)
        result = np.full(len(persons), NOBODY, np.int64)
        rows = np.flatnonzero(found.known)
        result[rows] = self._cohorts.persons(found.cells(cells.community, rows))
        return result

    def children(self, women: Integers) -> tuple[Integers, Integers]:
        """Return an (index of woman, child) pair for every child, in no order of birth."""
        who, kids = self._children_by_cell(women)
        # Whoever is another's twin is a child of that one's mother.
        own = ~self.second_twins(kids)
        who, kids = who[own], kids[own]
        with_twin = np.flatnonzero(self.second_twins(kids + 1, beyond=True))
        return (
            np.concatenate([who, who[with_twin]]),
            np.concatenate([kids, kids[with_twin] + 1]),
        )

    def second_twins(self, persons: Integers, *, beyond: bool = False) -> NDArray[np.bool_]:
        """Return who is the second of twins: for all that is the family's, he or she is the first.

        With `beyond`, numbers that nobody has are allowed, and are nobody's twin.
        """
        result = np.zeros(len(persons), np.bool_)
        sexes, ranks = sex_of(persons), rank_of(persons)
        recent = ranks >= self._first_twin_rank[sexes]
        if beyond:
            recent &= ranks < self._cohorts.births.before_day[sexes, -1]
        rows = np.flatnonzero(recent)
        rows = rows[self._cohorts.births.of(persons[rows])[1] % 2 == 1]
        result[rows] = chance(self._twins.bits(persons[rows]), self._rules.twins)
        return result

    def family_cells(self, persons: Integers) -> Cells:
        """Return the cells that stand for the persons in their families: twins share one."""
        return self._cohorts.cells(persons - self.second_twins(persons))

    def mothers_of(self, cells: Cells) -> Mothers:
        """Return the mother of each cell's person."""
        table = self._cohorts.rows(cells.year, cells.community)
        women = self._cohorts.sizes[FEMALE].reshape(-1)[table]
        place = self._scramble.forward(
            cells.position + np.where(cells.sex == MALE, women, 0), table
        )
        known = place < self._with_mother[table]
        rows = np.flatnonzero(known)
        at, place = table[rows], place[rows]
        entry = np.searchsorted(self._child_keys, (at << _COUNT_BITS) + place, "right")
        segment = entry - at * self._segments
        offset = place - np.where(segment > 0, self._children.reshape(-1)[entry - 1], 0)
        slot, age = np.divmod(segment, len(self._ages))
        year = cells.year[rows] - self._ages[age]
        births = self._cohorts.rows(year, cells.community[rows]) * len(self._slots.number) + slot
        before = np.where(age > 0, self._births[births, age - 1], 0)
        start = self._class_starts[
            year - self._cohorts.first_year, cells.community[rows], self._slots.of_class[slot]
        ]
        years, positions = np.full_like(cells.year, NOBODY), np.full_like(cells.year, NOBODY)
        years[rows], positions[rows] = year, start + before + offset
        last = np.zeros(len(cells), np.bool_)
        last[rows] = self._slots.last[slot]
        return Mothers(known, years, positions, last)

    def _set_tables(self, births: Integers) -> None:
        """Keep births[year, community, slot, age] cumulated, by mother and by child."""
        years, communities, slots, ages = births.shape
        self._births = np.cumsum(births, axis=3).reshape(-1, ages)
        rows = np.arange(len(self._births))[:, None]
        self._mother_keys = ((rows << _COUNT_BITS) + self._births).reshape(-1)
        by_child = np.zeros((years, communities, slots, ages), np.int64)
        for index, age in enumerate(self._ages.tolist()):
            by_child[age:, :, :, index] = births[: years - age, :, :, index]
        self._segments = slots * ages
        self._children = np.cumsum(by_child.reshape(years * communities, -1), axis=1)
        rows = np.arange(years * communities)[:, None]
        self._child_keys = ((rows << _COUNT_BITS) + self._children).reshape(-1)
        self._with_mother = self._children[:, -1]

    def _children_by_cell(self, women: Integers) -> tuple[Integers, Integers]:
        cells = self._cohorts.cells(women)
        bounds = self._class_starts[cells.year - self._cohorts.first_year, cells.community]
        of_class = (cells.position[:, None] >= bounds[:, 1:-1]).sum(axis=1)
        within = cells.position - bounds[np.arange(len(women)), of_class]
        counts = np.array([one.children for one in self._rules.classes])
        who, kids = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for number in range(int(counts.max())):
            rows = np.flatnonzero((counts[of_class] > number) & (cells.sex == FEMALE))
            slot = self._slots.first[of_class[rows]] + number
            table = self._cohorts.rows(cells.year[rows], cells.community[rows])
            births = table * len(self._slots.number) + slot
            mothers = within[rows] < self._births[births, -1]
            rows, slot, births = rows[mothers], slot[mothers], births[mothers]
            kids.append(self._persons_born(cells[rows], slot, births, within[rows]))
            who.append(rows)
        return np.concatenate(who), np.concatenate(kids)

    def _persons_born(
        self, mothers: Cells, slot: Integers, births: Integers, within: Integers
    ) -> Integers:
        """Return the child of a slot of each mother, who stands `within` her class."""
        ages = len(self._ages)
        entry = np.searchsorted(self._mother_keys, (births << _COUNT_BITS) + within, "right")
        age = entry - births * ages
        offset = within - np.where(age > 0, self._births[births, age - 1], 0)
        year = mothers.year + self._ages[age]
        table = self._cohorts.rows(year, mothers.community)
        segment = slot * ages + age
        before = np.where(segment > 0, self._children[table, segment - 1], 0)
        place = self._scramble.backward(before + offset, table)
        women = self._cohorts.sizes[FEMALE].reshape(-1)[table]
        sex = (place >= women).astype(np.int64)
        position = place - np.where(sex == MALE, women, 0)
        return self._cohorts.persons(Cells(sex, year, mothers.community, position))


def _women(year: Integers, community: Integers, position: Integers) -> Cells:
    return Cells(np.full_like(year, FEMALE), year, community, position)


def _slots(classes: tuple[MotherhoodClass, ...]) -> _Slots:
    counts = np.array([one.children for one in classes])
    pairs = [(index, number) for index, n in enumerate(counts.tolist()) for number in range(n)]
    of_class = np.array([index for index, _ in pairs])
    number = np.array([number for _, number in pairs])
    first = np.concatenate([[0], np.cumsum(counts)])
    return _Slots(of_class, number, first, number == counts[of_class] - 1)


def _class_starts(rules: FamilyRules, cohorts: Cohorts) -> Integers:
    """Return the bounds [year, community, class + 1] of the classes in the women's positions."""
    span = rules.modern_cohort - rules.old_cohort
    modern = np.clip((cohorts.years - rules.old_cohort) / span, 0, 1)
    late = np.array([one.modern for one in rules.classes])[:, None]
    early = np.array([one.old for one in rules.classes])[:, None]
    shares = late * modern + early * (1 - modern)
    shares = shares / np.cumsum(shares, axis=0)[-1]
    cumulated = np.concatenate([np.zeros((1, len(modern))), np.cumsum(shares, axis=0)])
    women = cohorts.sizes[FEMALE]
    starts = np.floor(cumulated.T[:, None, :] * women[:, :, None] + ROUNDING).astype(np.int64)
    starts[:, :, -1] = women
    return starts


def _wanted_with_mother(
    rules: FamilyRules, cohorts: Cohorts, reference_year: int, foreign: Integers
) -> Floats:
    """Return how many of each year and community are to have their mother in the population."""
    ages = reference_year - cohorts.years
    share = np.repeat(exact.curve(rules.with_mother, ages)[:, None], cohorts.communities, axis=1)
    share[:, foreign] *= exact.curve(rules.foreign_with_mother, ages)[:, None]
    return share * cohorts.sizes.sum(axis=0)


def _births_of_mothers(
    rules: FamilyRules, cohorts: Cohorts, slots: _Slots, starts: Integers, wanted: Floats
) -> Integers:
    """Return how many women of [year, community, slot] give birth at each age of a mother."""
    ages = np.arange(rules.youngest_mother, rules.oldest_mother + 1)
    women = np.diff(starts, axis=2)[:, :, slots.of_class]
    offered = women[:, :, :, None] * _age_shares(rules, slots, ages)[None, None]
    by_year = np.cumsum(offered, axis=2)[:, :, -1]
    years = len(cohorts.years)
    of_child = np.zeros((years, cohorts.communities))
    for index in range(len(ages) - 1, -1, -1):
        age = int(ages[index])
        of_child[age:] += by_year[: years - age, :, index]
    kept = np.minimum(1, wanted / np.maximum(of_child, ROUNDING))
    for index, age in enumerate(ages.tolist()):
        offered[: years - age, :, :, index] *= kept[age:, :, None]
        offered[years - age :, :, :, index] = 0
    cumulated = np.floor(np.cumsum(offered, axis=3) + ROUNDING).astype(np.int64)
    cumulated = np.minimum(cumulated, women[:, :, :, None])
    _keep_gaps(cumulated, slots, rules.least_gap)
    return np.diff(cumulated, axis=3, prepend=0)


def _age_shares(rules: FamilyRules, slots: _Slots, ages: Integers) -> Floats:
    """Return the share of each slot's births [slot, age] at each age of the mother."""
    edges = np.append(ages, ages[-1] + 1)
    shares = np.zeros((len(slots.number), len(ages)))
    for index, (of_class, number) in enumerate(
        zip(slots.of_class.tolist(), slots.number.tolist(), strict=True)
    ):
        one = rules.classes[of_class]
        mean = one.first_age + number * one.gap
        deviation = one.deviation + rules.deviation_growth * number
        share = np.diff(exact.normal_probability((edges - mean) / deviation))
        share[: rules.least_gap * number] = 0
        shares[index] = share / np.cumsum(share)[-1]
    return shares


def _keep_gaps(cumulated: Integers, slots: _Slots, gap: int) -> None:
    """Drop births, in place, that come less than `gap` years after the mother's child before."""
    births = np.diff(cumulated, axis=3, prepend=0)
    for slot in np.flatnonzero(slots.number > 0).tolist():
        had = np.zeros_like(cumulated[:, :, slot, 0])
        for age in range(cumulated.shape[3]):
            earlier = cumulated[:, :, slot - 1, age - gap] if age >= gap else 0
            had = had + np.minimum(births[:, :, slot, age], np.maximum(earlier - had, 0))
            cumulated[:, :, slot, age] = had
