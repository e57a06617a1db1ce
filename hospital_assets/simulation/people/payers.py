"""Who pays for a person's care: a medical aid, or the public hospitals' fees by class."""

import numpy as np

from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.dates import completed_years
from hospital_assets.simulation.parameters.identities import PAYERS, PayerRules

FREE, MEDICAL_AID = 0, PAYERS.index("medical_aid")


def household_payers(
    bits: Bits, affluence: Integers, community: Integers, rules: PayerRules
) -> Integers:
    """Return an index of PAYERS for each household, with the affluence of its suburb."""
    insured = _share(bits, 44) < (
        np.array(rules.medical_aid_by_affluence)[affluence]
        * np.array(rules.medical_aid_by_community)[community]
    )
    income = _share(bits, 24) + rules.income_by_affluence * affluence
    fees = np.searchsorted(np.array(rules.income_bounds), income, "right")
    return np.where(insured, MEDICAL_AID, fees)


def payers_on(
    household_payer: Integers, born: Integers, days: Integers, rules: PayerRules
) -> Integers:
    """Return an index of PAYERS for each person on a day: the young and the old pay nothing."""
    age = completed_years(born, days)
    free = (age < rules.free_below_age) | (age >= rules.free_from_age)
    return np.where(free & (household_payer != MEDICAL_AID), FREE, household_payer)


def _share(bits: Bits, first_bit: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return a number in [0, 1) from 20 bits of each draw."""
    return ((bits >> np.uint64(first_bit)) & np.uint64(0xFFFFF)).astype(np.float64) / (1 << 20)
