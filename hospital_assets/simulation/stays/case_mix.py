"""The case mix as arrays: one element a diagnosis, in the order of its parameters."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance import exact
from hospital_assets.simulation.chance.draws import Bits, Integers, thresholds
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters import beds
from hospital_assets.simulation.parameters.case_mix import CaseMixRules
from hospital_assets.simulation.parameters.pressure import Family
from hospital_assets.simulation.stays.bed_pools import BedPools
from hospital_assets.simulation.stays.patients import Flags

DELIVERIES = "delivery"
CHILDREN = "children"


@dataclass(frozen=True)
class CaseMix:
    """Diagnoses with what follows from them; arrays have one element a diagnosis unless said.

    `pools` and `families` are names by index; `family` is such an index. `injuries` are weights by
    code of what an external cause becomes. `admissions` [diagnosis,
    pool] are weights. `ward` is the pool that a diagnosis belongs to outside units, `main_pool` the
    one of adults who come back with it. `condition` is the name of what its patients have for
    longer, or None. `band_edges` [band + 1] are completed years; `age_rates` [diagnosis, band] are
    relative rates of admission a head, as are `age_rates_of_children` in the children's beds.
    `return_bounds` [group, diagnosis] choose what a patient comes back with; `return_group` is the
    group of each diagnosis.
    """

    pools: tuple[str, ...]
    families: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    condition: tuple[str | None, ...]
    family: Integers
    is_birth: Flags
    admissions: Floats
    planned_share: Floats
    female_share: Floats
    length: Floats
    deaths: Floats
    early_returns: Floats
    late_returns: Floats
    returns_unchanged: Floats
    condition_share: Floats
    triage_class: Integers
    home_visits: Floats
    injuries: tuple[dict[str, float], ...]
    ward: Integers
    main_pool: Integers
    band_edges: Integers
    adult_band: int
    age_rates: Floats
    age_rates_of_children: Floats
    return_bounds: Bits
    return_group: Integers
    children_return_group: int
    neonatal_pool: int

    def row(self, code: str) -> int:
        """Return the index of the first diagnosis of this code."""
        return self.codes.index(code)

    @property
    def band_middles(self) -> Floats:
        """The age in the middle of each band."""
        return (self.band_edges[:-1] + self.band_edges[1:]) / 2


def case_mix(rules: CaseMixRules, pools: BedPools, families: tuple[Family, ...]) -> CaseMix:
    """Return the case mix of these parameters."""
    every = rules.diagnoses
    family_names = [family.name for family in families]
    groups = list(rules.return_groups)
    codes = tuple(one.code for one in every)
    edges = np.array(rules.age_bands)
    admissions = np.array(
        [[one.admissions.get(name, 0.0) for name in pools.names] for one in every]
    )

    def numbers(key: str) -> Floats:
        return np.array([getattr(one, key) for one in every], np.float64)

    def rates(key: str) -> Floats:
        middles = (edges[:-1] + edges[1:]) / 2
        profiles = [rules.age_profiles[getattr(one, key)] for one in every]
        return np.stack([exact.curve(profile, middles) for profile in profiles])

    return CaseMix(
        pools=pools.names,
        families=tuple(family_names),
        codes=codes,
        names=tuple(one.name for one in every),
        condition=tuple(one.condition for one in every),
        family=np.array([family_names.index(one.family) for one in every]),
        is_birth=np.array([one.family == DELIVERIES for one in every]),
        admissions=admissions,
        planned_share=numbers("planned_share"),
        female_share=numbers("female_share"),
        length=numbers("length"),
        deaths=numbers("deaths"),
        early_returns=numbers("early_returns"),
        late_returns=numbers("late_returns"),
        returns_unchanged=numbers("returns_unchanged"),
        condition_share=numbers("condition_share"),
        triage_class=np.array([one.triage_class for one in every]),
        home_visits=numbers("home_visits"),
        injuries=tuple(one.injuries for one in every),
        ward=_wards(admissions, pools),
        main_pool=_main_pools(admissions, pools),
        band_edges=edges,
        adult_band=rules.age_bands.index(rules.adult_age),
        age_rates=rates("ages"),
        age_rates_of_children=rates("ages_of_children"),
        return_bounds=np.stack([_return_bounds(rules, group) for group in groups]),
        return_group=np.array([groups.index(one.returns_as) for one in every]),
        children_return_group=groups.index(CHILDREN),
        neonatal_pool=pools.of_kind(beds.NEWBORNS),
    )


def _return_bounds(rules: CaseMixRules, group: str) -> Bits:
    """Return the bounds that choose a diagnosis of the group; a code means its first diagnosis."""
    weights = np.zeros(len(rules.diagnoses))
    codes = [one.code for one in rules.diagnoses]
    for code, weight in rules.return_groups[group].items():
        weights[codes.index(code)] = weight
    return thresholds(weights)


def _wards(admissions: Floats, pools: BedPools) -> Integers:
    """Return each diagnosis's main pool outside units and children's beds, else the general one."""
    weights = admissions * ~pools.is_unit
    weights[:, pools.of_kind(beds.CHILDREN)] = 0
    return _largest(weights, pools.of_kind(beds.GENERAL))


def _main_pools(admissions: Floats, pools: BedPools) -> Integers:
    """Return the pool of adults who come back with each diagnosis; newborns come to children's."""
    children, newborns = pools.of_kind(beds.CHILDREN), pools.of_kind(beds.NEWBORNS)
    weights = admissions.copy()
    weights[:, children] = 0
    pool = _largest(weights, pools.of_kind(beds.GENERAL))
    pool = np.where(pools.is_unit[pool], _wards(admissions, pools), pool)
    return np.where(pool == newborns, children, pool)


def _largest(weights: Floats, otherwise: int) -> Integers:
    return np.where(weights.max(1) > 0, weights.argmax(1), otherwise)
