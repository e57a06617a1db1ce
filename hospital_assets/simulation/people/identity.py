"""Who a person is: name, address, phone and ID number, each a hash of the person.

Texts are looked up, not put together: whatever can be joined beforehand (street addresses, digits)
stands in a table, and a column is one or two look-ups in such tables.
"""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance.draws import (
    Bits,
    DrawStream,
    Integers,
    below,
    choose,
    halves,
    thresholds,
)
from hospital_assets.simulation.dates import as_dates
from hospital_assets.simulation.people.id_numbers import IdNumbers
from hospital_assets.simulation.people.population import SEX_NAMES, Population, sex_of
from hospital_assets.simulation.people.vocabulary import Vocabulary

_HOUSE_NUMBERS = 400
_FIRST_MOBILE_PREFIX, _MOBILE_PREFIXES = 60, 25


class Identities:
    """The words and numbers that belong to a person for ever."""

    def __init__(self, seed: int, people: Population, vocabulary: Vocabulary) -> None:
        self._people, self._id_numbers = people, IdNumbers(seed)
        self._draws = DrawStream(seed, "person/words")
        communities, places = vocabulary.communities, vocabulary.places
        self._communities = thresholds([one.share for one in communities])
        self._first = _Words([names for one in communities for names in (one.female, one.male)])
        self._last = _Words([one.last for one in communities])
        self._places = thresholds([one.weight for one in places])
        self._suburbs = pl.Series([one.suburb for one in places])
        self._cities = pl.Series([one.city for one in places])
        self._codes = pl.Series([one.postal_code for one in places])
        houses = pl.DataFrame({"house": range(1, _HOUSE_NUMBERS + 1)})
        streets = pl.DataFrame({"street": vocabulary.streets})
        self._addresses = houses.join(streets, how="cross").select(
            pl.format("{} {}", "house", "street")
        )["house"]
        leading = np.arange(
            _FIRST_MOBILE_PREFIX * 1000, (_FIRST_MOBILE_PREFIX + _MOBILE_PREFIXES) * 1000
        )
        self._phone_heads = "0" + pl.Series(leading).cast(pl.String)
        self._phone_tails = pl.Series(np.arange(10_000)).cast(pl.String).str.zfill(4)

    def frame(self, persons: Integers) -> pl.DataFrame:
        """Return one row a person, in the given order: the lasting columns of `people`."""
        (who, where), (first, last), (address, mobile) = map(halves, self._draws.series(persons, 3))
        sex = sex_of(persons)
        community = choose(who, self._communities)
        born, place_in_day = self._people.births(persons)
        phone = below(mobile, len(self._phone_heads) * len(self._phone_tails))
        id_date, id_tail = self._id_numbers.parts(
            sex, born, place_in_day, np.zeros(len(sex), np.bool_)
        )
        positions = {
            "first_name": self._first.position(first, community * len(SEX_NAMES) + sex),
            "last_name": self._last.position(last, community),
            "sex": sex,
            "id_date": id_date,
            "id_tail": id_tail,
            "phone_head": phone // len(self._phone_tails),
            "phone_tail": phone % len(self._phone_tails),
            "address": below(address, len(self._addresses)),
            "place": choose(where, self._places),
        }
        # The look-ups of one select run side by side.
        return pl.DataFrame(
            {name: values.astype(np.uint32) for name, values in positions.items()}
        ).select(
            pl.Series("person_id", self._people.person_id(persons)),
            _in(self._first.words, "first_name"),
            _in(self._last.words, "last_name"),
            _in(pl.Series(SEX_NAMES), "sex"),
            pl.Series("date_of_birth", as_dates(born)),
            (_in(self._id_numbers.dates, "id_date") + _in(self._id_numbers.tails, "id_tail")).alias(
                "id_number"
            ),
            (_in(self._phone_heads, "phone_head") + _in(self._phone_tails, "phone_tail")).alias(
                "phone"
            ),
            _in(self._addresses, "address").alias("street_address"),
            _in(self._suburbs, "place").alias("suburb"),
            _in(self._cities, "place").alias("city"),
            _in(self._codes, "place").alias("postal_code"),
        )


class _Words:
    """Lists of words, one a group, laid end to end so that one look-up serves all."""

    def __init__(self, groups: list[tuple[str, ...]]) -> None:
        self.words = pl.Series([word for group in groups for word in group])
        self._size = np.array([len(group) for group in groups])
        self._start = np.cumsum(self._size) - self._size

    def position(self, bits: Bits, group: Integers) -> Integers:
        """Return the position in `words` of a word of its group for each draw."""
        return self._start[group] + below(bits, self._size[group])


def _in(words: pl.Series, positions: str) -> pl.Expr:
    """Return the words at the positions that a column holds, under that column's name."""
    return pl.lit(words).gather(pl.col(positions)).alias(positions)
