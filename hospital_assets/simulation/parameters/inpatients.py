"""All that stays are drawn from, and how its parts have to fit each other."""

from dataclasses import dataclass

from hospital_assets.simulation.parameters.beds import NEWBORNS, BedRules
from hospital_assets.simulation.parameters.calibration import Calibration
from hospital_assets.simulation.parameters.case_mix import CaseMixRules
from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.holidays import HolidayRules
from hospital_assets.simulation.parameters.maternity import MaternityRules, NewbornRules
from hospital_assets.simulation.parameters.persons import PersonRules
from hospital_assets.simulation.parameters.pressure import PressureRules
from hospital_assets.simulation.parameters.timelines import TimelineRules
from hospital_assets.simulation.parameters.transfer_choice import TransferChoice
from hospital_assets.simulation.parameters.triage import TriageRules

DELIVERY = "delivery"
_MOST_ADMISSIONS = 1_500


@dataclass(frozen=True)
class InpatientRules(Strict):
    """The beds, who comes to them, how stays run, and who the patients are."""

    beds: BedRules
    case_mix: CaseMixRules
    pressure: PressureRules
    holidays: HolidayRules
    timelines: TimelineRules
    maternity: MaternityRules
    newborns: NewbornRules
    transfer_choice: TransferChoice
    persons: PersonRules
    triage: TriageRules
    calibration: Calibration

    def __post_init__(self) -> None:
        """Refuse names that other parts don't have, and pools that nobody comes to."""
        pools = [pool.name for pool in self.beds.pools]
        families = {family.name: family for family in self.pressure.families}
        require(DELIVERY in families, f"pressure.families must have one named {DELIVERY!r}")
        for one in self.case_mix.diagnoses:
            require(
                one.family in families,
                f"case_mix.diagnoses: family of {one.code} must be one of {sorted(families)}",
            )
            unknown = sorted(set(one.admissions) - set(pools))
            require(
                not unknown,
                f"case_mix.diagnoses: admissions of {one.code} name {unknown}, beds.pools has not",
            )
        self._require_levels(pools)
        longest = self.transfer_choice.longest_stay_days
        require(
            longest < self.beds.warm_up_days,
            f"transfer_choice.longest_stay_days must lie below beds.warm_up_days"
            f" ({self.beds.warm_up_days}), not be {longest}: who is transferred has a bed",
        )
        for pool in self.beds.pools:
            usual = sum(
                one.admissions.get(pool.name, 0)
                for one in self.case_mix.diagnoses
                if not families[one.family].follows_covid
            )
            require(
                usual > 0 or pool.kind == NEWBORNS,
                f"case_mix.diagnoses must have one with admissions to {pool.name}",
            )

    def _require_levels(self, pools: list[str]) -> None:
        """Refuse a calibration of other pools, and one that floods a pool."""
        levels = {level.name: level for level in self.calibration.pools}
        require(
            sorted(levels) == sorted(pools),
            f"calibration.pools must have exactly {sorted(pools)}, not {sorted(levels)}",
        )
        for pool in self.beds.pools:
            level = levels[pool.name]
            require(
                level.admissions * pool.beds / level.beds <= _MOST_ADMISSIONS,
                f"calibration.pools: admissions of {pool.name} must be {_MOST_ADMISSIONS} a day at"
                " most",
            )
