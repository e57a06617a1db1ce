"""Papers: a South African ID number, a passport of another country, or nothing.

All numbers are made up. They are valid in form, so a real person may have one of them by accident.
"""

import numpy as np
import polars as pl

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.parameters.identities import (
    DIGIT,
    PASSPORT_STEP,
    SERIES,
    DocumentRules,
    Tradition,
)
from hospital_assets.simulation.population.person_numbers import rank_of, sex_of

CITIZENSHIPS = ("citizen", "permanent_resident", "foreign_national", "undocumented")
CITIZEN, PERMANENT_RESIDENT, FOREIGN_NATIONAL, UNDOCUMENTED = range(len(CITIZENSHIPS))
# A day beyond all days.
NEVER = 1 << 30
_SHARES_LOG2 = 7
_LEFT_OUT_BITS = 32


def citizenships(bits: Bits, foreign: Integers, rules: DocumentRules) -> Integers:
    """Return an index of CITIZENSHIPS for each person; `foreign` is 1 for foreigners."""
    draw = (bits >> np.uint64(64 - _SHARES_LOG2)).astype(np.int64)
    whole = 1 << _SHARES_LOG2
    residents = round(rules.permanent_residents * whole)
    passports = round((rules.permanent_residents + rules.passports) * whole)
    paper = PERMANENT_RESIDENT + (draw >= residents) + (draw >= passports)
    return np.where(foreign == 1, paper, CITIZEN)


def id_known_from(bits: Bits, born: Integers, rules: DocumentRules) -> Integers:
    """Return the day from which each person's ID number is known, if there is one, or NEVER."""
    draw = (bits >> np.uint64(_LEFT_OUT_BITS)).astype(np.float64) * 2.0 ** -(64 - _LEFT_OUT_BITS)
    after = exact.curve(rules.id_number_known, draw).astype(np.int64)
    return np.where(draw < rules.id_number_known[-1][0], born + after, NEVER)


def passport_numbers(
    persons: Integers, tradition: Integers, traditions: tuple[Tradition, ...]
) -> pl.Series:
    """Return the passport number of each person, distinct within a country."""
    serial = rank_of(persons) * 2 + sex_of(persons)
    numbers = np.full(len(persons), "", dtype=object)
    for place in np.unique(tradition).tolist():
        rows = np.flatnonzero(tradition == place)
        given = traditions[place]
        scrambled = serial[rows] * PASSPORT_STEP % given.numbers
        numbers[rows] = [_written(given.passport, int(number)) for number in scrambled]
    return pl.Series(numbers.tolist(), dtype=pl.String)


def _written(pattern: str, number: int) -> str:
    digits = pattern.count(DIGIT)
    series, rest = divmod(number, 10**digits)
    letters = pattern.rstrip(DIGIT).replace(SERIES, chr(ord("A") + series))
    return f"{letters}{rest:0{digits}}"
