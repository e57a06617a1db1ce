"""What diagnoses say of a person's lasting conditions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.stays.case_mix import CaseMix
from hospital_assets.simulation.stays.patients import Flags

NO_CONDITION = -1
CANCER = "cancer"


@dataclass(frozen=True)
class CaseConditions:
    """Conditions, as places in the list of the population's, beside the diagnoses.

    `of_diagnosis` has one element a diagnosis, or NO_CONDITION; `share` how many of its patients
    have it; `is_certain` says that all do. `cancers` are the conditions that are cancers, and
    `diagnosis_of_cancer` [condition] is the diagnosis of each, -1 for others.
    """

    of_diagnosis: Integers
    share: NDArray[np.float64]
    is_certain: Flags
    cancers: tuple[int, ...]
    diagnosis_of_cancer: Integers
    hiv: int


def case_conditions(case_mix: CaseMix, names: Sequence[str]) -> CaseConditions:
    """Return the conditions of the case mix; `names` are those of the population, by place.

    A condition is a cancer if all diagnoses that ask for it are.
    """
    places = [NO_CONDITION if name is None else names.index(name) for name in case_mix.condition]
    of_diagnosis = np.array(places)
    is_cancer = case_mix.family == case_mix.families.index(CANCER)
    cancers = [
        condition
        for condition in range(len(names))
        if condition in places and is_cancer[of_diagnosis == condition].all()
    ]
    diagnosis = np.full(len(names), -1)
    for condition in cancers:
        diagnosis[condition] = places.index(condition)
    return CaseConditions(
        of_diagnosis=of_diagnosis,
        share=case_mix.condition_share,
        is_certain=(of_diagnosis != NO_CONDITION) & (case_mix.condition_share >= 1),
        cancers=tuple(cancers),
        diagnosis_of_cancer=diagnosis,
        hiv=names.index("HIV"),
    )
