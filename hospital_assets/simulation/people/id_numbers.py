"""South African ID numbers, YYMMDD SSSS C A Z: a date of birth, a serial, and a check digit.

SSSS is the person's place among those of the same sex and date of birth, scrambled; women have 0000
to 4999, men 5000 to 9999. People of the two centuries that share a two-digit year take even and odd
places, so that no number is given twice.
"""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from hospital_assets.simulation.chance.draws import DrawStream, Integers, below
from hospital_assets.simulation.dates import as_dates, day_number, year_month_day
from hospital_assets.simulation.population.person_numbers import FEMALE

_SERIALS = 5000
_STRIDES = np.array([stride for stride in range(1, _SERIALS) if np.gcd(stride, _SERIALS) == 1])
# C = 0 for citizens, 1 for permanent residents. A is 8 in numbers that are issued; 9 is as valid in
# form and marks ours as synthetic.
_ENDS = np.array([9, 19])
_FIRST_BIRTH = day_number(date(1900, 1, 1))
_LAST_BIRTH = day_number(date(2099, 12, 31))


class IdNumbers:
    """ID numbers in two parts, each a position in a table of texts: `dates` and `tails`."""

    def __init__(self, seed: int) -> None:
        days = np.arange(_FIRST_BIRTH, _LAST_BIRTH + 1)
        year, month, day = year_month_day(days)
        short = (year % 100 * 100 + month) * 100 + day
        keys = DrawStream(seed, "person/id").bits(np.stack([short * 2, short * 2 + 1]).reshape(-1))
        self._strides = _STRIDES[below(keys, len(_STRIDES))].reshape(2, -1)
        self._shifts = (keys % np.uint64(_SERIALS)).astype(np.int64).reshape(2, -1)
        self._century = (year >= 2000).astype(np.int64)
        self._date_checks = luhn_check_digit(short * 10**6)
        serials = np.arange(2 * _SERIALS)
        self._tail_checks = luhn_check_digit(serials * 100 + _ENDS[:, None])
        self.dates = pl.Series(as_dates(days)).dt.strftime("%y%m%d")
        tails = np.arange(2 * _SERIALS * 10)
        digits = (tails // 10 * 100 + _ENDS[:, None]) * 10 + tails % 10
        self.tails = pl.Series(digits.reshape(-1)).cast(pl.String).str.zfill(7)

    def parts(
        self, sex: Integers, born: Integers, place: Integers, resident: NDArray[np.bool_]
    ) -> tuple[Integers, Integers]:
        """Return the positions in `dates` and `tails` of each person's number.

        `place` is the place among those of the same sex and date of birth, below 2,500; a
        permanent `resident` isn't a citizen.
        """
        date = born - _FIRST_BIRTH
        order = place * 2 + self._century[date]
        serial = (order * self._strides[sex, date] + self._shifts[sex, date]) % _SERIALS
        serial += np.where(sex == FEMALE, 0, _SERIALS)
        # Check digits of numbers whose digits don't meet add up.
        kind = resident.astype(np.int64)
        check = (self._date_checks[date] + self._tail_checks[kind, serial]) % 10
        return date, (kind * 2 * _SERIALS + serial) * 10 + check


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
