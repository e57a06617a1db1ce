"""Identities: the words and numbers that belong to a person for ever, as places and as a table."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, chance
from hospital_assets.simulation.dates import as_dates
from hospital_assets.simulation.parameters.identities import PAYERS, IdentityRules
from hospital_assets.simulation.people.addresses import Addresses
from hospital_assets.simulation.people.documents import (
    CITIZENSHIPS,
    FOREIGN_NATIONAL,
    PERMANENT_RESIDENT,
    citizenships,
    id_known_from,
    passport_numbers,
)
from hospital_assets.simulation.people.id_numbers import IdNumbers
from hospital_assets.simulation.people.names import NO_NAME, Named, Names
from hospital_assets.simulation.people.payers import household_payers, payers_on
from hospital_assets.simulation.people.phones import Phones
from hospital_assets.simulation.people.words import Words
from hospital_assets.simulation.population.person_numbers import SEX_NAMES, sex_of
from hospital_assets.simulation.population.population import Population

_HOUSE, _PAYER = range(2)
_NAMES, _MORE_NAMES, _PAPERS, _SHOWN = range(4)
_SECOND_TWIN_BIT = 50


@dataclass(frozen=True)
class Identity:
    """What is drawn for people, one element a person: places in tables of texts, and indices.

    `household` is the code of the household: all who share it live at one address. `born` is a
    day, as is `id_known_from`, from which the ID number is known if there is one; `address`,
    `suburb`, `citizenship` and `household_payer` are indices; `shows_passport` is of who has one.
    """

    person: Integers
    born: Integers
    place_in_day: Integers
    names: Named
    household: Integers
    suburb: Integers
    address: Integers
    citizenship: Integers
    household_payer: Integers
    id_known_from: Integers
    shows_passport: NDArray[np.bool_]


class Identities:
    """The identities of a population."""

    def __init__(
        self, seed: int, population: Population, rules: IdentityRules, words: Words
    ) -> None:
        self._population, self._rules = population, rules
        self._names = Names(seed, population.households, rules, words)
        self._addresses = Addresses(words.streets, rules.addresses)
        self.phones = Phones(seed, rules.phones)
        self._id_numbers = IdNumbers(seed)
        self._persons = DrawStream(seed, "person/words")
        self._houses = DrawStream(seed, "house/words")
        self._foreign = np.array([one.foreign for one in population.rules.communities], np.int64)
        suburbs = population.rules.suburbs
        self._affluence = np.array([one.affluence for one in suburbs])
        self._suburbs = pl.Series([one.name for one in suburbs])
        self._cities = pl.Series([one.city for one in suburbs])
        self._postal_codes = pl.Series([one.postal_code for one in suburbs])
        self._languages = pl.Series([one.language for one in rules.traditions])
        self._countries = pl.Series([one.country for one in rules.traditions])

    def of(self, persons: Integers) -> Identity:
        """Return what is drawn for the persons."""
        kin = self._population.households.kin(persons)
        born, place_in_day = self._population.births.of(persons)
        own = kin.cells.codes() + (kin.second_twin.astype(np.int64) << _SECOND_TWIN_BIT)
        draws = self._persons.series(own, 4)
        household = self._population.households.anchors_of(kin)
        house = self._houses.bits(household, _HOUSE)
        community = kin.cells.community
        suburb = self._population.places.of_households(household, community)
        return Identity(
            persons,
            born,
            place_in_day,
            self._names.of(kin, (draws[_NAMES], draws[_MORE_NAMES])),
            household,
            suburb,
            self._addresses.of_households(house),
            citizenships(draws[_PAPERS], self._foreign[community], self._rules.documents),
            household_payers(
                self._houses.bits(household, _PAYER),
                self._affluence[suburb],
                community,
                self._rules.payers,
            ),
            id_known_from(draws[_SHOWN], born, self._rules.documents),
            chance(draws[_SHOWN], self._rules.documents.passports_shown),
        )

    def frame(self, one: Identity) -> pl.DataFrame:
        """Return one row a person, in the order of `one`: the lasting columns of `people`.

        `id_number` is of citizens and permanent residents, known or not yet; `passport_number` of
        foreigners who have papers of their country and show them.
        """
        persons = one.person
        resident = one.citizenship == PERMANENT_RESIDENT
        sex = sex_of(persons)
        id_date, id_tail = self._id_numbers.parts(sex, one.born, one.place_in_day, resident)
        positions = {
            "first_name": one.names.first,
            "second_name": np.maximum(one.names.second, 0),
            "last_name": one.names.last,
            "sex": sex,
            "id_date": id_date,
            "id_tail": id_tail,
            "street_address": one.address,
            "suburb": one.suburb,
            "tradition": one.names.tradition,
            "citizenship": one.citizenship,
        }
        names = self._names.texts
        # The look-ups of one select run side by side.
        return pl.DataFrame(
            {name: values.astype(np.uint32) for name, values in positions.items()}
        ).select(
            pl.Series("person_id", self._population.registration.person_ids(persons)),
            _in(names, "first_name"),
            pl.when(pl.Series(one.names.second != NO_NAME)).then(_in(names, "second_name")),
            _in(names, "last_name"),
            _in(pl.Series(SEX_NAMES), "sex"),
            pl.Series("date_of_birth", as_dates(one.born)),
            pl.when(pl.col("citizenship") < FOREIGN_NATIONAL)
            .then(_in(self._id_numbers.dates, "id_date") + _in(self._id_numbers.tails, "id_tail"))
            .alias("id_number"),
            self._passports(one),
            _in(pl.Series(CITIZENSHIPS), "citizenship"),
            _in(self._countries, "tradition").alias("nationality"),
            _in(self._languages, "tradition").alias("language"),
            self._addresses.written(pl.col("street_address")).alias("street_address"),
            _in(self._suburbs, "suburb"),
            _in(self._cities, "suburb").alias("city"),
            _in(self._postal_codes, "suburb").alias("postal_code"),
        )

    def payers(self, one: Identity, rows: Integers, days: Integers) -> pl.Series:
        """Return who pays on each day for the care of the person in that row of `one`."""
        payer = payers_on(one.household_payer[rows], one.born[rows], days, self._rules.payers)
        return pl.Series(PAYERS).gather(payer)

    def _passports(self, one: Identity) -> pl.Series:
        rows = np.flatnonzero((one.citizenship == FOREIGN_NATIONAL) & one.shows_passport)
        tradition = one.names.tradition[rows]
        written = passport_numbers(one.person[rows], tradition, self._rules.traditions)
        place = np.full(len(one.person), -1, np.int64)
        place[rows] = np.arange(len(rows))
        return pl.Series("passport_number", place).replace_strict(
            pl.Series(np.arange(len(rows))), written, default=None, return_dtype=pl.String
        )


def _in(texts: pl.Series, places: str) -> pl.Expr:
    """Return the texts at the places that a column holds, under that column's name."""
    return pl.lit(texts).gather(pl.col(places)).alias(places)
