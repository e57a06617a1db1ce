"""Households and name lines: with whom somebody lives, and from whom a surname comes.

A household is where a chain of links ends: a man with a partner to her, who stays at home to the
mother, a child without one and some single adults to an older relative, one of two singles side by
side to the other. Each link leads to a woman, who is mostly an end, or to somebody older, so there
are no cycles. Where the chain ends stands the anchor; all who come to the same one live together.

A name line goes from a child to the father, if the child has his name, or to the mother, and on;
at its end stand the surname and the language of all along it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Bits, DrawStream, Integers, chance
from hospital_assets.simulation.parameters.kin import HouseholdRules, PartnerRules
from hospital_assets.simulation.population.cohorts import Cells, Cohorts
from hospital_assets.simulation.population.families import Families, Mothers
from hospital_assets.simulation.population.partners import Couples, Partners
from hospital_assets.simulation.population.person_numbers import FEMALE, MALE

_GENERATIONS = 9
_MOST_LINKS = 40
_ADULT = 18
_FOR_EVER = 200
_BYTE = np.uint64(0xFF)


@dataclass(frozen=True)
class Kin:
    """People with the mothers and partners from whom households and name lines follow.

    `second_twin` says whose `cells` are those of the first of two twins.
    """

    second_twin: NDArray[np.bool_]
    cells: Cells
    mothers: Mothers
    partners: Partners


@dataclass(frozen=True)
class _Links:
    """Where each of n cells leads: to a wife, a mother, an older relative, or nowhere.

    `alone` are those without partner who don't live with the mother; some of them go to a relative.
    """

    to_wife: NDArray[np.bool_]
    to_mother: NDArray[np.bool_]
    to_relative: NDArray[np.bool_]
    alone: NDArray[np.bool_]
    relative_year: Integers
    relative_position: Integers


class Households:
    """Households and name lines of a population, as codes (see `Cells.codes`)."""

    def __init__(
        self,
        seed: int,
        cohorts: Cohorts,
        families: Families,
        couples: Couples,
        rules: HouseholdRules,
        partner_rules: PartnerRules,
        reference_year: int,
    ) -> None:
        self._cohorts, self._families, self._couples = cohorts, families, couples
        self._rules = rules
        self._reference_year = reference_year
        self._married = np.array(partner_rules.married)
        self._fathers_name = partner_rules.fathers_name_unmarried
        self._links_stream = DrawStream(seed, "household")
        self._married_stream = DrawStream(seed, "married")

    def kin(self, persons: Integers) -> Kin:
        """Return the persons' cells, mothers and partners, of which `anchors_of` and others ask."""
        second = self._families.second_twins(persons)
        cells = self._cohorts.cells(persons - second)
        return Kin(
            second, cells, self._families.mothers_of(cells), self._couples.partners_of(cells)
        )

    def anchors(self, persons: Integers) -> Integers:
        """Return the code of each person's household."""
        return self.anchors_of(self.kin(persons))

    def name_lines(self, persons: Integers) -> Integers:
        """Return the code of the line that each person was born into."""
        return self.name_lines_of(self.kin(persons))

    def anchors_of(self, kin: Kin) -> Integers:
        """Return the code of each household."""
        sex, year = kin.cells.sex.copy(), kin.cells.year.copy()
        community, position = kin.cells.community, kin.cells.position.copy()
        active = np.arange(len(sex))
        mothers, partners = kin.mothers, kin.partners
        for _ in range(_MOST_LINKS):
            if not len(active):
                break
            here = Cells(sex[active], year[active], community[active], position[active])
            links = self._links(here, mothers, partners)
            there, goes = self._follow(here, links, mothers, partners)
            active = active[goes]
            sex[active], year[active] = there.sex[goes], there.year[goes]
            position[active] = there.position[goes]
            here = there[goes]
            mothers = self._families.mothers_of(here)
            partners = self._couples.partners_of(here)
        return Cells(sex, year, community, position).codes()

    def every_anchor(self) -> Integers:
        """Return the code of the household of every seat of the cohorts: each link is made once."""
        seats = self._cohorts.sizes.sum()
        codes, leads_to = np.empty(seats, np.int64), np.empty(seats, np.int32)
        for own, here in self._cohorts.every_cell():
            mothers, partners = self._families.mothers_of(here), self._couples.partners_of(here)
            links = self._links(here, mothers, partners)
            there, goes = self._follow(here, links, mothers, partners)
            codes[own] = here.codes()
            leads_to[own] = np.arange(own.start, own.stop)
            leads_to[own][goes] = self._cohorts.seats(there[goes])
        for _ in range(_MOST_LINKS.bit_length()):
            leads_to = leads_to[leads_to]
        return codes[leads_to]

    def seats(self, persons: Integers) -> Integers:
        """Return the seat that stands for each person in the family: twins share one."""
        return self._cohorts.seats_of(persons - self._families.second_twins(persons))

    def name_lines_of(self, kin: Kin) -> Integers:
        """Return the code of the line that each was born into."""
        return self._lines(kin.cells, kin.mothers)

    def husbands_lines(self, kin: Kin) -> tuple[Integers, Integers]:
        """Return the rows of married women, and the code of the line of each one's husband."""
        women = np.flatnonzero((kin.cells.sex == FEMALE) & kin.partners.known)
        wives = women[self.married(kin.cells[women])]
        husbands = kin.partners.cells(kin.cells, wives)
        return wives, self._lines(husbands, self._families.mothers_of(husbands))

    def married(self, women: Cells) -> NDArray[np.bool_]:
        """Return which of the women with a partner are married, and so bear his surname."""
        bits = self._married_stream.bits(women.codes())
        return chance(bits, self._married[women.community])

    def _lines(self, cells: Cells, mothers: Mothers) -> Integers:
        sex, year = cells.sex.copy(), cells.year.copy()
        community, position = cells.community, cells.position.copy()
        active = np.arange(len(sex))
        for generation in range(_GENERATIONS):
            known = np.flatnonzero(mothers.known)
            women = mothers.cells(community[active], known)
            active = active[known]
            fathers = self._couples.partners_of(women)
            named = fathers.known & self._children_have_fathers_name(women)
            sex[active] = named.astype(np.int64)
            year[active] = np.where(named, fathers.year, women.year)
            position[active] = np.where(named, fathers.position, women.position)
            if not len(active) or generation == _GENERATIONS - 1:
                break
            here = Cells(sex[active], year[active], community[active], position[active])
            mothers = self._families.mothers_of(here)
        return Cells(sex, year, community, position).codes()

    def _children_have_fathers_name(self, women: Cells) -> NDArray[np.bool_]:
        bits = self._married_stream.bits(women.codes(), 1)
        return self.married(women) | chance(bits, self._fathers_name)

    def _follow(
        self, here: Cells, links: _Links, mothers: Mothers, partners: Partners
    ) -> tuple[Cells, NDArray[np.bool_]]:
        """Return where each goes, and who goes anywhere at all."""
        year = np.where(
            links.to_wife,
            partners.year,
            np.where(links.to_mother, mothers.year, links.relative_year),
        )
        position = np.where(
            links.to_wife,
            partners.position,
            np.where(links.to_mother, mothers.position, links.relative_position),
        )
        sex = np.full_like(here.sex, FEMALE)
        rows = self._with_neighbour(here, links)
        sex[rows], year[rows] = here.sex[rows], here.year[rows]
        position[rows] = here.position[rows] - 1
        goes = links.to_wife | links.to_mother | links.to_relative
        goes[rows] = True
        return Cells(sex, year, here.community, position), goes

    def _with_neighbour(self, here: Cells, links: _Links) -> Integers:
        """Return the rows of singles who live with the single at the position before theirs."""
        single = links.alone & ~links.to_relative
        odd = np.flatnonzero(single & (here.position % 2 == 1))
        neighbour = here[odd]
        neighbour = Cells(
            neighbour.sex, neighbour.year, neighbour.community, neighbour.position - 1
        )
        theirs = self._links(
            neighbour,
            self._families.mothers_of(neighbour),
            self._couples.partners_of(neighbour),
        )
        return odd[theirs.alone & ~theirs.to_relative]

    def _links(self, here: Cells, mothers: Mothers, partners: Partners) -> _Links:
        rules = self._rules
        age = self._reference_year - here.year
        bits = self._links_stream.bits(here.codes())
        staying = (bits & _BYTE).astype(np.int64)
        single = ~partners.known
        young = single & (age < self._leaving_age(bits, staying, mothers.last_child))
        couple = partners.known & (here.sex == FEMALE)
        couple &= staying < self._couples_at_home(age, mothers.last_child)
        fostered = single & (age < _ADULT) & (here.year < rules.fostered_before)
        fostered &= staying >= 256 - _of(256, rules.fostered)
        to_mother = (young | couple) & mothers.known & ~fostered
        alone = single & ~to_mother
        relative = ((bits >> np.uint64(16)) & np.uint64(0xFFFF)).astype(np.int64)
        joining = (relative < _of(65536, rules.with_relative)) & (age < rules.with_relative_below)
        year, position = self._relatives(here, age, bits)
        to_relative = alone & ((age < _ADULT) | joining) & (year < here.year)
        return _Links(
            partners.known & (here.sex == MALE), to_mother, to_relative, alone, year, position
        )

    def _leaving_age(
        self, bits: Bits, staying: Integers, last_child: NDArray[np.bool_]
    ) -> Integers:
        """Return the age at which each leaves the mother's household."""
        rules = self._rules
        share = np.where(last_child, _of(256, rules.stay_last_child), _of(256, rules.stay_other))
        leaving = ((bits >> np.uint64(8)) & _BYTE).astype(np.int64) * rules.leave_years // 256
        return np.where(staying < share, _FOR_EVER, rules.leave_from + leaving)

    def _couples_at_home(self, age: Integers, last_child: NDArray[np.bool_]) -> Integers:
        """Return how many of 256 couples live with her mother, by her age."""
        rules = self._rules
        youngest = np.where(
            age < 55,
            _of(256, rules.couple_with_her_mother_last_child),
            _of(256, rules.couple_with_her_mother_older),
        )
        other = np.where(age < 30, _of(256, rules.couple_with_her_mother), 0)
        return np.where(last_child, youngest, other)

    def _relatives(self, here: Cells, age: Integers, bits: Bits) -> tuple[Integers, Integers]:
        """Return the year and position of a woman older than each, drawn from the community."""
        rules = self._rules
        older = ((bits >> np.uint64(32)) & np.uint64(15)).astype(np.int64)
        child = np.minimum(here.year, self._reference_year) - rules.relative_of_child_years
        year = np.where(age < _ADULT, child - older - older // 2, here.year - 1 - older)
        year = np.maximum(year, rules.relative_from)
        women = self._cohorts.sizes[FEMALE][year - self._cohorts.first_year, here.community]
        draws = (bits >> np.uint64(32)) * women.astype(np.uint64)
        return year, (draws >> np.uint64(32)).astype(np.int64)


def _of(whole: int, share: float) -> int:
    """Return the share of a power of two: how many of so many equally likely draws."""
    return int(whole * share)
