"""Texts of the parameters that don't fit the columns of the records that they come to stand in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import dataframely as dy

from hospital_assets.contracts.diagnoses import DIAGNOSES
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.simulation import Parameters
from hospital_assets.simulation.parameters.identities import DIGIT, SERIES
from hospital_assets.simulation.parameters.workforce import DOCTOR


@dataclass(frozen=True)
class _Texts:
    """Texts of one key, and the column of a record that they come to stand in."""

    key: str
    texts: Iterable[str]
    record: RecordType
    column: str


def unfit_texts(parameters: Parameters) -> Iterator[tuple[str, str]]:
    """Give the key of each text that doesn't fit its column, and what was expected."""
    for one in _all_texts(parameters):
        column = one.record.schema.columns()[one.column]
        for text in one.texts:
            if expected := _expected(text, column):
                yield one.key, f"{text!r} {expected}, as {one.column} of {one.record.name}"


def _expected(text: str, column: dy.Column) -> str:
    """Return what is expected of a text, or nothing where it fits."""
    if isinstance(column, dy.Enum):
        return "" if text in column.categories else f"must be one of {list(column.categories)}"
    if not isinstance(column, dy.String):
        raise TypeError(f"{column.name} holds no texts")
    if not text.strip() or len(text) > (column.max_length or len(text)):
        return f"must have 1 to {column.max_length} letters"
    if column.regex and not re.search(column.regex, text):
        return f"must look like {column.regex}"
    return ""


def _all_texts(parameters: Parameters) -> Iterator[_Texts]:
    people, staffing, icd10 = parameters.people, parameters.staffing, parameters.icd10
    mix, grades = parameters.inpatients.case_mix.diagnoses, parameters.workforce.grades
    reasons, encounters = parameters.transfer_reasons, parameters.encounters
    complaints = {**encounters.complaints, **encounters.complaints_of_codes}
    traditions, suburbs = parameters.identities.traditions, people.suburbs
    passports = [one.passport for one in traditions if one.passport]
    numbers = [one.replace(SERIES, "A").replace(DIGIT, "0") for one in passports]

    yield _Texts("facility_code", [parameters.facility_code], PATIENTS, "facility_code")
    names = [one.name for one in parameters.departments]
    yield _Texts("departments", names, PATIENTS, "department")
    for name, texts in complaints.items():
        yield _Texts(f"encounters.complaints: {name}", texts, PATIENTS, "chief_complaint")
    yield _Texts("case_mix.diagnoses", [one.name for one in mix], PATIENTS, "diagnosis")
    yield _Texts("icd10", icd10.values(), DIAGNOSES, "description")
    yield _Texts("icd10", icd10, DIAGNOSES, "icd10_code")
    names = [one.name for one in parameters.facilities]
    yield _Texts("facilities", names, TRANSFERS, "facility")
    yield _Texts("transfer_reasons", [one.name for one in reasons], TRANSFERS, "reason")
    yield _Texts("transfer_reasons", [one.priority for one in reasons], TRANSFERS, "priority")
    yield _Texts("transfer_reasons", [one.transport for one in reasons], TRANSFERS, "transport")
    shifts = [one.name for one in staffing.shifts]
    yield _Texts("staffing.shifts", shifts, STAFF_ASSIGNMENTS, "shift")
    specialties = [one.specialty for one in staffing.departments]
    yield _Texts("staffing.departments", specialties, DOCTORS, "specialty")
    names = [one.name for one in grades]
    yield _Texts("workforce.grades", names, STAFF_ASSIGNMENTS, "grade")
    names = [one.name for one in grades if one.role == DOCTOR]
    yield _Texts("workforce.grades", names, DOCTORS, "grade")
    yield _Texts("traditions", [one.language for one in traditions], PEOPLE, "language")
    yield _Texts("traditions", [one.country for one in traditions], PEOPLE, "nationality")
    yield _Texts("traditions", numbers, PEOPLE, "passport_number")
    yield _Texts("suburbs", [one.name for one in suburbs], PEOPLE, "suburb")
    yield _Texts("suburbs", [one.city for one in suburbs], PEOPLE, "city")
    yield _Texts("suburbs", [one.postal_code for one in suburbs], PEOPLE, "postal_code")
    kinds = parameters.identities.addresses.kinds_of_streets
    yield _Texts("addresses.kinds_of_streets", kinds, PEOPLE, "street_address")
