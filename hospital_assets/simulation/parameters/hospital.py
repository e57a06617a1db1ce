"""The whole hospital: all parts of the parameters, and how they have to fit each other."""

from dataclasses import dataclass

from hospital_assets.calendar.period import Period
from hospital_assets.simulation.parameters.checks import Strict, require
from hospital_assets.simulation.parameters.population import PopulationRules
from hospital_assets.simulation.parameters.staffing import Staffing
from hospital_assets.simulation.parameters.stays import Department, Readmission, StayRules
from hospital_assets.simulation.parameters.transfers import Facility, TransferReason, TransferRules
from hospital_assets.simulation.parameters.visits import (
    MOST_CLINICS,
    AttendanceRules,
    Diagnosis,
    Season,
)


@dataclass(frozen=True)
class Parameters(Strict):
    """The whole hospital."""

    period: Period
    population: PopulationRules
    departments: tuple[Department, ...]
    emergency_department: str
    stays: StayRules
    readmission: Readmission
    transfers: TransferRules
    facilities: tuple[Facility, ...]
    transfer_reasons: tuple[TransferReason, ...]
    attendances: AttendanceRules
    seasons: tuple[Season, ...]
    diagnoses: tuple[Diagnosis, ...]
    staffing: Staffing

    def __post_init__(self) -> None:
        """Refuse parts that don't fit each other."""
        names = [department.name for department in self.departments]
        require(len(set(names)) == len(names), "departments must have different names")
        require(
            self.emergency_department in names,
            f"emergency_department must be one of {names}, not {self.emergency_department!r}",
        )
        codes = [department.code for department in self.departments]
        require(len(set(codes)) == len(codes), "departments must have different codes")
        clinics = sum(department.clinic_weight > 0 for department in self.departments)
        require(
            clinics <= MOST_CLINICS,
            f"departments: {clinics} have a clinic_weight above zero, {MOST_CLINICS} can",
        )
        staffed = [entry.department for entry in self.staffing.departments]
        lacking, strange = sorted(set(names) - set(staffed)), sorted(set(staffed) - set(names))
        require(not lacking, f"staffing.departments lacks {', '.join(lacking)}")
        require(not strange, f"staffing.departments has {', '.join(strange)}, departments has not")
        require(len(staffed) == len(names), "staffing.departments must name each department once")
        seasons = {season.name for season in self.seasons}
        for diagnosis in self.diagnoses:
            unknown = set(diagnosis.departments) - set(names)
            require(not unknown, f"departments of {diagnosis.code} has no {sorted(unknown)}")
            require(
                diagnosis.season is None or diagnosis.season in seasons,
                f"season of {diagnosis.code} must be one of {sorted(seasons)}",
            )
        for reason in self.transfer_reasons:
            unknown = set(reason.departments) - set(names)
            require(not unknown, f"departments of {reason.name} has no {sorted(unknown)}")
            unknown = set(reason.facilities) - {facility.name for facility in self.facilities}
            require(not unknown, f"facilities of {reason.name} has no {sorted(unknown)}")
        for department in self.departments:
            require(
                department.beds == 0
                or any(department.name in reason.departments for reason in self.transfer_reasons),
                f"transfer_reasons must have one for {department.name}",
            )
        self._require_diagnoses()
        leaving = self.transfers.slots_per_day * self.transfers.per_slot
        discharges = sum(
            department.beds * self.stays.occupancy / department.mean_stay_days
            for department in self.departments
        )
        require(
            leaving <= discharges * 0.35,
            f"transfers: {leaving} a day are more than a third of {discharges:.0f} discharges",
        )
        emergency_days = self.attendances.mean_per_day * self.attendances.emergency_share
        admitted = sum(
            department.beds
            * self.stays.occupancy
            / department.mean_stay_days
            * department.emergency_share
            for department in self.departments
        )
        require(
            admitted <= emergency_days * 0.6,
            f"attendances: {admitted:.0f} emergency admissions a day need more than"
            f" {emergency_days:.0f} emergency attendances",
        )

    def _require_diagnoses(self) -> None:
        """Refuse departments that see people for whom there is no diagnosis."""
        for department in self.departments:
            seen = [one for one in self.diagnoses if department.name in one.departments]
            share = {"female": department.female_share, "male": 1 - department.female_share}
            # Whoever comes back may have become a year older.
            oldest = min(department.max_age + 1, self.population.oldest_age)
            for sex in (sex for sex, part in share.items() if part > 0):
                for age in range(department.min_age, oldest + 1):
                    require(
                        any(
                            one.min_age <= age <= one.max_age and one.sex in (None, sex)
                            for one in seen
                        ),
                        f"diagnoses must have one for {department.name}: {sex}, {age} years",
                    )
