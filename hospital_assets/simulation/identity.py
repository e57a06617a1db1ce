"""Who a person is: name, address, phone and ID number, each a hash of the person."""

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from hospital_assets.simulation.calendar import as_dates
from hospital_assets.simulation.draws import Integers, Stream, below, choose, thresholds
from hospital_assets.simulation.population import FEMALE, SEX_NAMES, People, sex_of
from hospital_assets.simulation.vocabulary import Vocabulary

_SERIALS = 5000
_STRIDES = np.array([stride for stride in range(1, _SERIALS) if np.gcd(stride, _SERIALS) == 1])
_CITIZEN = 0
_FILLER = 8
_HOUSE_NUMBERS = 400
_FIRST_MOBILE_PREFIX, _MOBILE_PREFIXES = 60, 25


class Identities:
    """The words and numbers that belong to a person for ever."""

    def __init__(self, seed: int, people: People, vocabulary: Vocabulary) -> None:
        self._people = people
        self._words, self._id_keys = Stream(seed, "person/words"), Stream(seed, "person/id")
        communities = vocabulary.communities
        self._communities = thresholds([one.share for one in communities])
        self._first = _Words([names for one in communities for names in (one.female, one.male)])
        self._last = _Words([one.last for one in communities])
        self._streets = _Words([vocabulary.streets])
        places = vocabulary.places
        self._places = thresholds([one.weight for one in places])
        self._suburbs = pl.Series([one.suburb for one in places])
        self._cities = pl.Series([one.city for one in places])
        self._codes = pl.Series([one.postal_code for one in places])

    def frame(self, persons: Integers) -> pl.DataFrame:
        """Return one row a person, in the given order: the lasting columns of `people`."""
        who, first, last, where, street, house, mobile = self._words.series(persons, 7)
        sex = sex_of(persons)
        community = choose(who, self._communities)
        place = choose(where, self._places)
        born = self._people.date_of_birth(persons)
        prefix = _FIRST_MOBILE_PREFIX + below(mobile, _MOBILE_PREFIXES)
        phone = prefix * 10**7 + (mobile % np.uint64(10**7)).astype(np.int64)
        return pl.DataFrame(
            {
                "person_id": self._people.person_id(persons),
                "first_name": self._first.pick(first, community * len(SEX_NAMES) + sex),
                "last_name": self._last.pick(last, community),
                "sex": pl.Series(SEX_NAMES).gather(sex),
                "date_of_birth": as_dates(born),
                "id_number": self._id_numbers(persons, born),
                "phone": phone,
                "street_number": 1 + below(house, _HOUSE_NUMBERS),
                "street": self._streets.pick(street, np.zeros_like(community)),
                "suburb": self._suburbs.gather(place),
                "city": self._cities.gather(place),
                "postal_code": self._codes.gather(place),
            }
        ).select(
            "person_id",
            "first_name",
            "last_name",
            "sex",
            "date_of_birth",
            pl.col("id_number").cast(pl.String).str.zfill(13),
            pl.format("0{}", "phone").alias("phone"),
            pl.format("{} {}", "street_number", "street").alias("street_address"),
            "suburb",
            "city",
            "postal_code",
        )

    def _id_numbers(self, persons: Integers, born: Integers) -> Integers:
        """Return the South African ID numbers YYMMDD SSSS C A Z as integers.

        SSSS is the person's place among those of the same sex and date of birth, scrambled; people
        of the two centuries that share a two-digit year take even and odd places.
        """
        dates = as_dates(born)
        year = dates.astype("M8[Y]").astype(np.int64) + 1970
        months = dates.astype("M8[M]")
        month = months.astype(np.int64) % 12 + 1
        day = (dates - months.astype("M8[D]")).astype(np.int64) + 1
        sex = sex_of(persons)
        place = self._people.born_the_same_day_before(persons) * 2 + (year >= 2000)
        key = self._id_keys.bits((year % 100 * 10000 + month * 100 + day) * 2 + sex)
        stride = _STRIDES[below(key, len(_STRIDES))]
        shift = (key % np.uint64(_SERIALS)).astype(np.int64)
        serial = (place * stride + shift) % _SERIALS + np.where(sex == FEMALE, 0, _SERIALS)
        number = ((year % 100 * 100 + month) * 100 + day) * 10_000 + serial
        number = number * 100 + _CITIZEN * 10 + _FILLER
        return number * 10 + luhn_check_digit(number)


def luhn_check_digit(numbers: ArrayLike) -> Integers:
    """Return the digit that makes each number valid under Luhn when it is appended."""
    rest = np.asarray(numbers, np.int64)
    total = np.zeros(rest.shape, np.int64)
    doubled_first = 1
    while rest.any():
        rest, group = np.divmod(rest, 1000)
        total += _LUHN_SUMS[doubled_first, group]
        doubled_first = 1 - doubled_first
    return -total % 10


def _luhn_sums() -> Integers:
    """Return the Luhn sums of three digits, with the middle one doubled or the outer two."""
    digit = np.arange(10)
    doubled = digit * 2 - np.where(digit > 4, 9, 0)
    outer, middle = np.stack([digit, doubled]), np.stack([doubled, digit])
    sums = outer[:, :, None, None] + middle[:, None, :, None] + outer[:, None, None, :]
    return sums.reshape(2, 1000)


_LUHN_SUMS = _luhn_sums()


class _Words:
    """Lists of words, one a group, laid end to end so that one gather picks from all."""

    def __init__(self, groups: list[tuple[str, ...]]) -> None:
        self._words = pl.Series([word for group in groups for word in group])
        self._size = np.array([len(group) for group in groups])
        self._start = np.cumsum(self._size) - self._size

    def pick(self, bits: np.ndarray, group: Integers) -> pl.Series:
        """Return a word of its group for each draw."""
        return self._words.gather(self._start[group] + below(bits, self._size[group]))
