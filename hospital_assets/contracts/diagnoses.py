"""Diagnoses: everything that is coded of an encounter."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType, Reference

PRESENT_ON_ADMISSION = ["Y", "N"]


class Diagnoses(dy.Schema):
    """One row is a diagnosis of an encounter that is active on the day."""

    census_date = dy.Date(primary_key=True, description="Day of the census.")
    encounter_id = dy.Int64(primary_key=True, min=1, description="The encounter, as in `patients`.")
    sequence = dy.Int32(
        primary_key=True,
        min=1,
        max=30,
        description="1 for the main diagnosis, which `patients` has as well; an injury's external "
        "cause is 2.",
    )
    icd10_code = dy.String(
        regex=r"^[A-Z]\d{2}(\.\d{1,2})?$", max_length=8, description="ICD-10 code."
    )
    description = dy.String(max_length=80, description="What the code means.")
    present_on_admission = dy.Enum(
        PRESENT_ON_ADMISSION,
        description="Y: it was there when the encounter began. N: it came in the hospital.",
    )


DIAGNOSES = RecordType(
    name="diagnoses",
    schema=Diagnoses,
    partition_column="census_date",
    key=("census_date", "encounter_id", "sequence"),
    references=(
        Reference(("census_date", "encounter_id"), "patients", ("census_date", "encounter_id")),
    ),
    indexes=(("icd10_code", "census_date"),),
    question=Question(
        "Which diagnoses do patients most often have beside their main one?",
        "select icd10_code, description, count(*) as patients\n"
        "from hospital.diagnoses\n"
        "where census_date = '2020-12-03' and sequence > 1\n"
        "group by icd10_code, description order by patients desc limit 10",
    ),
)
