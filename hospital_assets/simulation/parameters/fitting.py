"""How the parts of the parameters have to fit each other: what one names must be in another."""

from collections.abc import Iterable

from hospital_assets.simulation.parameters.beds import NEWBORNS
from hospital_assets.simulation.parameters.checks import require
from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.secondary_diagnoses import SecondaryDiagnosisRules

# Referral of mothers and the odds of many diagnoses ask for it.
_HIV = "HIV"
_CANCER = "cancer"
# Of those who leave on a day, so many at most can be made to leave in given slots.
_MOST_TRANSFERRED = 0.35


def require_fitting_stays(stays: InpatientRules, conditions: tuple[str, ...]) -> None:
    """Refuse more transfers than discharges can give, and names that stand nowhere.

    `conditions` are the names of the population's.
    """
    _require_discharges(stays)
    codes = {one.code for one in stays.case_mix.diagnoses}
    families = {family.name for family in stays.pressure.families}
    pools = {pool.name for pool in stays.beds.pools}
    newborns, instead = stays.newborns, stays.persons.instead
    choice = stays.transfer_choice
    _require("maternity.before_delivery", [stays.maternity.before_delivery.diagnosis], codes)
    _require("newborns", newborns.diagnoses, codes)
    changed = [*instead.of_diagnosis, *instead.of_diagnosis.values(), *instead.in_pool.values()]
    _require("persons.instead", [*instead.any, *changed], codes)
    _require("persons.instead.in_pool", instead.in_pool, pools)
    _require("persons.pregnancy_families", stays.persons.pregnancy_families, families)
    _require("transfer_choice.urgent_pools", choice.urgent_pools, pools)
    _require("transfer_choice.urgent_families", choice.urgent_families, families)
    _require("pressure.families", [_CANCER], families)
    asked = {one.condition for one in stays.case_mix.diagnoses if one.condition is not None}
    _require("case_mix.diagnoses", [*asked, _HIV], set(conditions))


def require_fitting_visits(
    stays: InpatientRules,
    conditions: tuple[str, ...],
    clinics: ClinicRules,
    emergency: EmergencyRules,
    secondary: SecondaryDiagnosisRules,
) -> None:
    """Refuse names that clinics, the emergency department or lists of diagnoses make up or lack."""
    codes = {one.code for one in stays.case_mix.diagnoses}
    families = {family.name for family in stays.pressure.families}
    pools = {pool.name for pool in stays.beds.pools}
    registered = clinics.registered
    _require("clinics.follow_up.share", clinics.follow_up.share, pools)
    _require("clinics.registered.pool", registered.pool.values(), pools)
    _require("clinics.registered", registered.every_working_days, set(conditions))
    _require("conditions", conditions, set(registered.every_working_days))
    profile = emergency.all_ages_profile
    _require("emergency.all_ages_profile", [profile], set(stays.case_mix.age_profiles))
    seen = sum(one.home_visits for one in stays.case_mix.diagnoses)
    require(seen > 0, "case_mix.diagnoses must have one with home_visits")
    groups, instead = set(stays.case_mix.return_groups), emergency.after_discharge.instead
    require(
        set(instead) == groups,
        f"emergency.after_discharge.instead must have exactly {sorted(groups)}",
    )
    for group, weights in instead.items():
        _require(f"emergency.after_discharge.instead.{group}", weights, codes)
    _require("secondary_diagnoses.conditions", secondary.conditions, set(conditions))
    _require("conditions", conditions, set(secondary.conditions))
    _require("secondary_diagnoses.complications", secondary.complications, families)
    causes = secondary.causes_of_injuries
    _require("secondary_diagnoses.causes_of_injuries", causes, families)
    follow_up = secondary.follow_up
    _require("secondary_diagnoses.follow_up.of_codes", follow_up.of_codes, codes)
    _require("secondary_diagnoses.follow_up.of_families", follow_up.of_families, families)
    _require("pressure.families", families, set(follow_up.of_families))


def _require_discharges(stays: InpatientRules) -> None:
    choice = stays.transfer_choice
    discharges = sum(
        pool.beds * pool.offered_load / pool.mean_days
        for pool in stays.beds.pools
        if pool.kind != NEWBORNS
    )
    transfers = choice.slots_per_day * choice.per_slot
    require(
        transfers <= _MOST_TRANSFERRED * discharges,
        f"transfer_choice: {transfers} transfers a day are more than"
        f" {_MOST_TRANSFERRED:.0%} of {discharges:.0f} discharges",
    )


def _require(where: str, names: Iterable[str], known: set[str]) -> None:
    """Refuse names that aren't known."""
    unknown = sorted(set(names) - known)
    require(not unknown, f"{where}: there is no {', '.join(unknown)} among {sorted(known)}")
