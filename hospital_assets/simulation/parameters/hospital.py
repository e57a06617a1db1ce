"""The whole hospital: all parts of the parameters, and how they have to fit each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.clinics import ClinicRules
from hospital_assets.simulation.parameters.departments import Department
from hospital_assets.simulation.parameters.emergency import EmergencyRules
from hospital_assets.simulation.parameters.encounters import EncounterRules
from hospital_assets.simulation.parameters.fitting import (
    require_fitting_stays,
    require_fitting_visits,
)
from hospital_assets.simulation.parameters.identities import (
    IdentityRules,
    require_traditions_for,
)
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from hospital_assets.simulation.parameters.people import PeopleRules
from hospital_assets.simulation.parameters.secondary_diagnoses import SecondaryDiagnosisRules
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.transfers import Facility, TransferReason
from hospital_assets.simulation.parameters.workforce import WorkforceRules, require_posts_for

# Ours: of the hospital that ships, with so few people one in 250 stays finds nobody who fits.
_LEAST_PEOPLE_A_BED = 500
# Ours: hours of work look four weeks back, and holders of posts follow each other from day to day.
_WORKFORCE_DAYS_BEFORE = (90, 3650)


@dataclass(frozen=True)
class Parameters(Strict):
    """The whole hospital; `icd10` says what codes mean that the case mix does not name."""

    period: Period
    facility_code: str
    emergency_department: str
    departments: tuple[Department, ...]
    encounters: EncounterRules
    people: PeopleRules
    identities: IdentityRules
    inpatients: InpatientRules
    clinics: ClinicRules
    emergency: EmergencyRules
    secondary_diagnoses: SecondaryDiagnosisRules
    icd10: dict[str, str]
    facilities: tuple[Facility, ...]
    transfer_reasons: tuple[TransferReason, ...]
    staffing: Staffing
    workforce: WorkforceRules

    def __post_init__(self) -> None:
        """Refuse parts that don't fit each other."""
        names = [department.name for department in self.departments]
        require(len(set(names)) == len(names), "departments must have different names")
        codes = [department.code for department in self.departments]
        require(len(set(codes)) == len(codes), "departments must have different codes")
        require(
            self.emergency_department in names,
            f"emergency_department must be one of {names}, not {self.emergency_department!r}",
        )
        self._require_departments(set(names))
        self._require_transfers(names)
        self._require_texts()
        conditions = tuple(one.name for one in self.people.conditions)
        self._require_people()
        self._require_period()
        require_fitting_stays(self.inpatients, conditions)
        require_fitting_visits(
            self.inpatients, conditions, self.clinics, self.emergency, self.secondary_diagnoses
        )
        require_traditions_for(self.people.communities, self.identities)
        require_posts_for(self.staffing, self.workforce)

    @property
    def slots_per_day(self) -> int:
        """How many times a day events are published."""
        return self.inpatients.transfer_choice.slots_per_day

    @property
    def transfers_a_day(self) -> int:
        """How many inpatients are transferred every day."""
        return self.slots_per_day * self.inpatients.transfer_choice.per_slot

    def _require_people(self) -> None:
        """Refuse a city too small for its hospital: many stays would find nobody to lie in bed."""
        least = _LEAST_PEOPLE_A_BED * sum(pool.beds for pool in self.inpatients.beds.pools)
        size = self.people.population.size
        require(
            size >= least,
            f"population.size: must be {_LEAST_PEOPLE_A_BED} a bed at least, {least:,},"
            f" not {size:,}",
        )

    def _require_period(self) -> None:
        """Refuse days of which nobody knows who is born, dies or works."""
        first, last = self.period.first_day.toordinal(), self.period.last_day.toordinal()
        rules, works_from = self.inpatients.timelines, self.workforce.first_day.toordinal()
        require(
            self.people.mortality.first_day.toordinal() < first - rules.warm_up_days,
            "period.first_day: must lie more than timelines.warm_up_days"
            f" ({rules.warm_up_days}) after mortality.first_day",
        )
        low, high = _WORKFORCE_DAYS_BEFORE
        require(
            low <= first - works_from <= high,
            f"workforce.first_day: must lie {low} to {high:,} days before period.first_day",
        )
        known = date(self.people.births.last_year, 12, 31).toordinal()
        beyond = rules.days_beyond_period + rules.chain_days
        require(
            last + beyond <= known,
            f"period.last_day: must lie {beyond} days, timelines.days_beyond_period and"
            f" timelines.chain_days, before the end of births.last_year at the latest",
        )

    def _require_departments(self, names: set[str]) -> None:
        """Refuse posts and beds of departments that don't exist."""
        staffed = [entry.department for entry in self.staffing.departments]
        lacking, strange = sorted(names - set(staffed)), sorted(set(staffed) - names)
        require(not lacking, f"staffing.departments lacks {', '.join(lacking)}")
        require(not strange, f"staffing.departments has {', '.join(strange)}, departments has not")
        require(len(staffed) == len(names), "staffing.departments must name each department once")
        for pool in self.inpatients.beds.pools:
            require(
                pool.department in names,
                f"beds.pools: department of {pool.name} must be one of {sorted(names)}",
            )

    def _require_transfers(self, names: list[str]) -> None:
        """Refuse reasons of nobody, and departments that can't transfer anybody."""
        facilities = {facility.name for facility in self.facilities}
        for reason in self.transfer_reasons:
            unknown = sorted(set(reason.departments) - set(names))
            require(not unknown, f"transfer_reasons: departments of {reason.name} has no {unknown}")
            unknown = sorted(set(reason.facilities) - facilities)
            require(not unknown, f"transfer_reasons: facilities of {reason.name} has no {unknown}")
        for pool in self.inpatients.beds.pools:
            require(
                any(pool.department in reason.departments for reason in self.transfer_reasons),
                f"transfer_reasons must have one for {pool.department}",
            )

    def _require_texts(self) -> None:
        """Refuse families without complaints, and codes of which nobody says what they mean."""
        families = {family.name for family in self.inpatients.pressure.families}
        lacking = sorted(families - set(self.encounters.complaints))
        require(not lacking, f"encounters.complaints lacks {', '.join(lacking)}")
        named = {one.code for one in self.inpatients.case_mix.diagnoses} | set(self.icd10)
        injuries = [code for one in self.inpatients.case_mix.diagnoses for code in one.injuries]
        unnamed = sorted({*_codes(self.secondary_diagnoses), *injuries} - named)
        require(not unnamed, f"icd10 lacks {', '.join(unnamed)}")


def _codes(rules: SecondaryDiagnosisRules) -> Iterable[str]:
    """Give every code that a list of diagnoses may hold beside the main ones."""
    yield from rules.outcomes_of_delivery
    for condition in rules.conditions.values():
        yield condition.code
        if condition.in_pregnancy is not None:
            yield condition.in_pregnancy
    for complications in rules.complications.values():
        yield from (one.code for one in complications)
    yield from (one.code for one in rules.general)
    follow_up = rules.follow_up
    yield from (*follow_up.of_codes.values(), *follow_up.of_families.values())
    yield follow_up.before_birth
    for causes in rules.causes_of_injuries.values():
        yield from causes
