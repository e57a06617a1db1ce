"""The new hospital: kin, papers and payers, absences, bed movements, diagnoses, an emergency clock.

Every day of the batch is made again by the simulation. Transfers that were landed are kept.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hospital_assets.resources.warehouse.migrations.steps import make_days_again

revision = "0004"
down_revision = "0003"

_DOCTORS = (
    "'intern', 'community_service', 'medical_officer', 'registrar', 'specialist', 'consultant'"
)
_OTHERS = (
    "'operational_manager', 'professional_nurse', 'staff_nurse', 'nursing_assistant',"
    " 'chief_allied', 'allied_professional', 'administration_manager', 'clerk',"
    " 'support_supervisor', 'support_worker'"
)
# Checks of the same names with other contents.
_CHANGED_CHECKS = (
    ("people", "ck_people_id_number_format", r"id_number ~ '^\d{10}[01]9\d$'"),
    ("doctors", "ck_doctors_grade_value", f"grade IN ({_DOCTORS})"),
    (
        "staff_assignments",
        "ck_staff_assignments_grade_value",
        f"grade IN ({_DOCTORS}, {_OTHERS})",
    ),
    (
        "patients",
        "ck_patients_admission_source_value",
        "admission_source IN ('emergency_department', 'referral', 'born_here', 'walk_in',"
        " 'ambulance', 'appointment')",
    ),
    (
        "patients",
        "ck_patients_disposition_value",
        "disposition IN ('home', 'admitted', 'transferred', 'left_against_advice', 'left_unseen',"
        " 'died')",
    ),
)


def upgrade() -> None:
    """Bring the tables forward."""
    make_days_again("people", "doctors", "staff_assignments", "patients", "patient_flow")
    op.create_table(
        "absences",
        sa.Column(
            "absence_date",
            sa.Date(),
            autoincrement=False,
            nullable=False,
            comment="Day on which the shift starts.",
        ),
        sa.Column(
            "absence_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Number of the planned shift.",
        ),
        sa.Column(
            "staff_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="Staff number of the holder; empty for a vacant post.",
        ),
        sa.Column(
            "person_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="The holder in the master index; empty for a vacant post.",
        ),
        sa.Column(
            "department",
            sa.String(length=40),
            autoincrement=False,
            nullable=False,
            comment="Department of the post.",
        ),
        sa.Column(
            "role",
            sa.String(length=14),
            autoincrement=False,
            nullable=False,
            comment="Role of the post.",
        ),
        sa.Column(
            "grade",
            sa.String(length=22),
            autoincrement=False,
            nullable=False,
            comment="Grade of the post.",
        ),
        sa.Column(
            "shift",
            sa.String(length=20),
            autoincrement=False,
            nullable=False,
            comment="Name of the planned shift.",
        ),
        sa.Column(
            "starts_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=False,
            comment="Planned start, local time.",
        ),
        sa.Column(
            "ends_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=False,
            comment="Planned end, local time.",
        ),
        sa.Column(
            "kind",
            sa.String(length=8),
            autoincrement=False,
            nullable=False,
            comment="Why the holder is away.",
        ),
        sa.Column(
            "covered_by_staff_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="Who works the shift instead; empty if nobody does.",
        ),
        sa.CheckConstraint(
            "grade IN ('intern', 'community_service', 'medical_officer', 'registrar', 'specialist', 'consultant', 'operational_manager', 'professional_nurse', 'staff_nurse', 'nursing_assistant', 'chief_allied', 'allied_professional', 'administration_manager', 'clerk', 'support_supervisor', 'support_worker')",
            name=op.f("ck_absences_grade_value"),
        ),
        sa.CheckConstraint(
            "kind IN ('annual', 'sick', 'family', 'training', 'parental', 'vacant')",
            name=op.f("ck_absences_kind_value"),
        ),
        sa.CheckConstraint(
            "role IN ('doctor', 'nurse', 'allied_health', 'administration', 'support')",
            name=op.f("ck_absences_role_value"),
        ),
        sa.CheckConstraint("absence_id >= 1", name=op.f("ck_absences_absence_id_min")),
        sa.CheckConstraint(
            "covered_by_staff_id >= 1", name=op.f("ck_absences_covered_by_staff_id_min")
        ),
        sa.CheckConstraint("person_id >= 1", name=op.f("ck_absences_person_id_min")),
        sa.CheckConstraint("staff_id >= 1", name=op.f("ck_absences_staff_id_min")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["hospital.people.person_id"],
            name=op.f("fk_absences_person_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("absence_date", "absence_id", name=op.f("pk_absences")),
        schema="hospital",
        comment="One row is a planned shift of the day that the holder of its post does not work.",
        postgresql_partition_by="RANGE (absence_date)",
    )
    op.create_index(
        op.f("ix_absences_staff_id_absence_date"),
        "absences",
        ["staff_id", "absence_date"],
        unique=False,
        schema="hospital",
    )
    op.create_table(
        "bed_movements",
        sa.Column(
            "census_date",
            sa.Date(),
            autoincrement=False,
            nullable=False,
            comment="Day of the census.",
        ),
        sa.Column(
            "encounter_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="The stay, as in `patients`.",
        ),
        sa.Column(
            "sequence",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="1 for the first bed of the stay.",
        ),
        sa.Column(
            "department",
            sa.String(length=40),
            autoincrement=False,
            nullable=False,
            comment="Department that the bed belongs to.",
        ),
        sa.Column(
            "ward",
            sa.String(length=40),
            autoincrement=False,
            nullable=False,
            comment="Ward that the bed stands in.",
        ),
        sa.Column(
            "bed",
            sa.String(length=20),
            autoincrement=False,
            nullable=False,
            comment="Name of the bed.",
        ),
        sa.Column(
            "started_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=False,
            comment="When the patient came into the bed, local time.",
        ),
        sa.Column(
            "ended_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=True,
            comment="When the patient left the bed; empty while it goes on.",
        ),
        sa.Column(
            "reason",
            sa.String(length=14),
            autoincrement=False,
            nullable=False,
            comment="Why the patient came into this bed.",
        ),
        sa.CheckConstraint(
            "reason IN ('admission', 'birth', 'intensive_care', 'high_care', 'step_down', 'ward_move', 'overflow')",
            name=op.f("ck_bed_movements_reason_value"),
        ),
        sa.CheckConstraint("encounter_id >= 1", name=op.f("ck_bed_movements_encounter_id_min")),
        sa.CheckConstraint("sequence <= 20", name=op.f("ck_bed_movements_sequence_max")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_bed_movements_sequence_min")),
        sa.ForeignKeyConstraint(
            ["census_date", "encounter_id"],
            ["hospital.patients.census_date", "hospital.patients.encounter_id"],
            name=op.f("fk_bed_movements_census_date_encounter_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint(
            "census_date", "encounter_id", "sequence", name=op.f("pk_bed_movements")
        ),
        schema="hospital",
        comment="One row is an inpatient's time in one bed that touches the day, as known at its end.",
        postgresql_partition_by="RANGE (census_date)",
    )
    op.create_index(
        op.f("ix_bed_movements_bed_started_at"),
        "bed_movements",
        ["bed", "started_at"],
        unique=False,
        schema="hospital",
    )
    op.create_table(
        "diagnoses",
        sa.Column(
            "census_date",
            sa.Date(),
            autoincrement=False,
            nullable=False,
            comment="Day of the census.",
        ),
        sa.Column(
            "encounter_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="The encounter, as in `patients`.",
        ),
        sa.Column(
            "sequence",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="1 for the main diagnosis, which `patients` has as well; an injury's external cause is 2.",
        ),
        sa.Column(
            "icd10_code",
            sa.String(length=8),
            autoincrement=False,
            nullable=False,
            comment="ICD-10 code.",
        ),
        sa.Column(
            "description",
            sa.String(length=80),
            autoincrement=False,
            nullable=False,
            comment="What the code means.",
        ),
        sa.Column(
            "present_on_admission",
            sa.CHAR(length=1),
            autoincrement=False,
            nullable=False,
            comment="Y: it was there when the encounter began. N: it came in the hospital.",
        ),
        sa.CheckConstraint(
            "icd10_code ~ '^[A-Z]\\d{2}(\\.\\d{1,2})?$'",
            name=op.f("ck_diagnoses_icd10_code_format"),
        ),
        sa.CheckConstraint(
            "present_on_admission IN ('Y', 'N')",
            name=op.f("ck_diagnoses_present_on_admission_value"),
        ),
        sa.CheckConstraint("encounter_id >= 1", name=op.f("ck_diagnoses_encounter_id_min")),
        sa.CheckConstraint("sequence <= 30", name=op.f("ck_diagnoses_sequence_max")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_diagnoses_sequence_min")),
        sa.ForeignKeyConstraint(
            ["census_date", "encounter_id"],
            ["hospital.patients.census_date", "hospital.patients.encounter_id"],
            name=op.f("fk_diagnoses_census_date_encounter_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint(
            "census_date", "encounter_id", "sequence", name=op.f("pk_diagnoses")
        ),
        schema="hospital",
        comment="One row is a diagnosis of an encounter that is active on the day.",
        postgresql_partition_by="RANGE (census_date)",
    )
    op.create_index(
        op.f("ix_diagnoses_icd10_code_census_date"),
        "diagnoses",
        ["icd10_code", "census_date"],
        unique=False,
        schema="hospital",
    )
    op.alter_column(
        "doctors",
        "first_name",
        existing_type=sa.VARCHAR(length=60),
        comment="First given name, as in `people`.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "doctors",
        "last_name",
        existing_type=sa.VARCHAR(length=60),
        comment="Surname, as in `people`.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "doctors",
        "specialty",
        existing_type=sa.VARCHAR(length=40),
        comment="Specialty of the department.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "doctors",
        "department",
        existing_type=sa.VARCHAR(length=40),
        comment="Department of the post or of the call.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "doctors",
        "grade",
        existing_type=sa.VARCHAR(length=15),
        type_=sa.String(length=17),
        comment="Grade of the post or of the call.",
        existing_comment="Follows from the years of service.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "doctors",
        "hire_date",
        existing_type=sa.DATE(),
        nullable=True,
        comment="First day in this post; empty for who is called in.",
        existing_comment="First day in this post.",
        autoincrement=False,
        schema="hospital",
    )
    op.create_table_comment(
        "doctors",
        "One row is a doctor in post on the day, or called in for a shift that touches it.",
        existing_comment="One row is a doctor in post on the day.",
        schema="hospital",
    )
    op.add_column(
        "patient_flow",
        sa.Column(
            "moves_in",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Moves into the department from another one.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patient_flow",
        sa.Column(
            "moves_out",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Moves out of the department into another one.",
        ),
        schema="hospital",
    )
    op.alter_column(
        "patient_flow",
        "flow_date",
        existing_type=sa.DATE(),
        comment="Day of the flow.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patient_flow",
        "department",
        existing_type=sa.VARCHAR(length=40),
        comment="Department.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patient_flow",
        "census",
        existing_type=sa.BIGINT(),
        comment="Patients in the department's beds at the end of the day.",
        existing_comment="Inpatients at the end of the day.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patient_flow",
        "admissions",
        existing_type=sa.BIGINT(),
        comment="Stays that begin in a bed of the department.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patient_flow",
        "deaths",
        existing_type=sa.BIGINT(),
        comment="Stays that end in death.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patient_flow_moves_in_min"), "patient_flow", "moves_in >= 0", schema="hospital"
    )
    op.create_check_constraint(
        op.f("ck_patient_flow_moves_out_min"), "patient_flow", "moves_out >= 0", schema="hospital"
    )
    op.add_column(
        "patients",
        sa.Column(
            "facility_code",
            sa.String(length=12),
            autoincrement=False,
            nullable=False,
            comment="Code of this hospital.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "admission_type",
            sa.String(length=11),
            autoincrement=False,
            nullable=False,
            comment="What kind of encounter it began as.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "chief_complaint",
            sa.String(length=60),
            autoincrement=False,
            nullable=True,
            comment="What the patient came with; emergency attendances only.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "gestation_weeks",
            sa.Integer(),
            autoincrement=False,
            nullable=True,
            comment="At birth; newborns born here only.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "birth_weight_g",
            sa.Integer(),
            autoincrement=False,
            nullable=True,
            comment="Newborns born here only, in grams.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "triaged_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=True,
            comment="End of triage; emergency attendances only, local time.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "seen_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=True,
            comment="First seen by a doctor; empty while waiting and for who left unseen.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "decided_at",
            sa.DateTime(),
            autoincrement=False,
            nullable=True,
            comment="Decision to admit or to send home; emergency attendances only.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "discharge_destination",
            sa.String(length=14),
            autoincrement=False,
            nullable=True,
            comment="Where the patient went; empty while it goes on.",
        ),
        schema="hospital",
    )
    op.add_column(
        "patients",
        sa.Column(
            "preceding_encounter_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="The encounter that led to this one: the emergency attendance before a stay, the stay before a readmission or a follow-up. It may be of other days.",
        ),
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "person_id",
        existing_type=sa.BIGINT(),
        comment="The patient in the master index.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "encounter_class",
        existing_type=sa.VARCHAR(length=10),
        comment="Where the patient is seen.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "department",
        existing_type=sa.VARCHAR(length=40),
        comment="Department that treats the patient at the end of the day.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "ward",
        existing_type=sa.VARCHAR(length=40),
        comment="Ward of the bed; empty without a bed.",
        existing_comment="Inpatients only.",
        existing_nullable=True,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "bed",
        existing_type=sa.VARCHAR(length=20),
        comment="Bed at the end of the day, or the last one. Empty for outpatients, emergency attendances, newborns in a cot beside their mother, and women in labour who wait for one.",
        existing_comment="Inpatients only.",
        existing_nullable=True,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "age_years",
        existing_type=sa.INTEGER(),
        comment="Completed years at the beginning.",
        existing_comment="Completed years at admission.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "diagnosis_code",
        existing_type=sa.VARCHAR(length=8),
        comment="Main diagnosis, ICD-10.",
        existing_comment="ICD-10.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "diagnosis",
        existing_type=sa.VARCHAR(length=80),
        comment="What the code means.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "admission_source",
        existing_type=sa.VARCHAR(length=11),
        type_=sa.String(length=20),
        comment="How the patient came.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "patients",
        "attending_doctor_id",
        existing_type=sa.BIGINT(),
        comment="The doctor in charge: of the stay, or in that doctor's absence on duty.",
        existing_comment="On the day's roster of the department.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_admission_type_value"),
        "patients",
        "admission_type IN ('emergency', 'elective', 'maternity', 'newborn', 'appointment')",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_birth_weight_g_max"),
        "patients",
        "birth_weight_g <= 7000",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_birth_weight_g_min"),
        "patients",
        "birth_weight_g >= 200",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_discharge_destination_value"),
        "patients",
        "discharge_destination IN ('home', 'ward', 'other_facility', 'mortuary')",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_gestation_weeks_max"),
        "patients",
        "gestation_weeks <= 45",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_gestation_weeks_min"),
        "patients",
        "gestation_weeks >= 20",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_patients_preceding_encounter_id_min"),
        "patients",
        "preceding_encounter_id >= 1",
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "second_name",
            sa.String(length=60),
            autoincrement=False,
            nullable=True,
            comment="Second given name, if any.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "language",
            sa.String(length=20),
            autoincrement=False,
            nullable=False,
            comment="Home language.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "citizenship",
            sa.String(length=18),
            autoincrement=False,
            nullable=False,
            comment="Standing by which the person lives in South Africa.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "nationality",
            sa.String(length=3),
            autoincrement=False,
            nullable=False,
            comment="Country, ISO 3166-1 alpha-3.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "passport_number",
            sa.String(length=12),
            autoincrement=False,
            nullable=True,
            comment="Passport of a foreigner without a South African ID number, if any.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "payer_class",
            sa.String(length=11),
            autoincrement=False,
            nullable=False,
            comment="Fee class of public hospitals by the household's income: H0 is free, H3 pays in full; or a member of a medical aid.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "mother_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="The mother in the master index, where she is known; her row may be of other days.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "next_of_kin_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="Whom to call, alive and adult on the day; the row may be of other days.",
        ),
        schema="hospital",
    )
    op.add_column(
        "people",
        sa.Column(
            "next_of_kin_relationship",
            sa.String(length=9),
            autoincrement=False,
            nullable=True,
            comment="What the next of kin is to the person.",
        ),
        schema="hospital",
    )
    op.alter_column(
        "people",
        "first_name",
        existing_type=sa.VARCHAR(length=60),
        comment="First given name.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "last_name",
        existing_type=sa.VARCHAR(length=60),
        comment="Surname.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "sex",
        existing_type=sa.VARCHAR(length=6),
        comment="Sex at birth.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "date_of_birth",
        existing_type=sa.DATE(),
        comment="Day of birth.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "id_number",
        existing_type=sa.VARCHAR(length=13),
        nullable=True,
        comment="South African ID number: YYMMDD SSSS C A Z. C is 0 for citizens and 1 for permanent residents; A is 9, which marks it as synthetic. Empty for other foreigners.",
        existing_comment="South African ID number: YYMMDD SSSS C A Z.",
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "phone",
        existing_type=sa.VARCHAR(length=10),
        comment="Mobile number.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "street_address",
        existing_type=sa.VARCHAR(length=80),
        comment="House and street of the household.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "suburb",
        existing_type=sa.VARCHAR(length=60),
        comment="Suburb of the household.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "city",
        existing_type=sa.VARCHAR(length=60),
        comment="City or town of the household.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "postal_code",
        existing_type=sa.VARCHAR(length=4),
        comment="Of the street address.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "people",
        "deceased_on",
        existing_type=sa.DATE(),
        comment="Day of death, in hospital or outside, once it has happened.",
        existing_comment="Day of death in this hospital, once it has happened.",
        existing_nullable=True,
        autoincrement=False,
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_people_citizenship_value"),
        "people",
        "citizenship IN ('citizen', 'permanent_resident', 'foreign_national', 'undocumented')",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_people_mother_id_min"), "people", "mother_id >= 1", schema="hospital"
    )
    op.create_check_constraint(
        op.f("ck_people_nationality_format"),
        "people",
        "nationality ~ '^[A-Z]{3}$'",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_people_next_of_kin_id_min"), "people", "next_of_kin_id >= 1", schema="hospital"
    )
    op.create_check_constraint(
        op.f("ck_people_next_of_kin_relationship_value"),
        "people",
        "next_of_kin_relationship IN ('partner', 'mother', 'father', 'child', 'sibling', 'household')",
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_people_payer_class_value"),
        "people",
        "payer_class IN ('H0', 'H1', 'H2', 'H3', 'medical_aid')",
        schema="hospital",
    )
    op.add_column(
        "staff_assignments",
        sa.Column(
            "arrangement",
            sa.String(length=8),
            autoincrement=False,
            nullable=False,
            comment="Rostered: the holder's own. Cover: called in from the reserve.",
        ),
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "assignment_id",
        existing_type=sa.BIGINT(),
        comment="Number of the shift; that of the absence it covers.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "department",
        existing_type=sa.VARCHAR(length=40),
        comment="Department of the post.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "role",
        existing_type=sa.VARCHAR(length=14),
        comment="Role of the post.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "grade",
        existing_type=sa.VARCHAR(length=15),
        type_=sa.String(length=22),
        comment="Grade of the post.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "shift",
        existing_type=sa.VARCHAR(length=20),
        comment="Name of the shift.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "starts_at",
        existing_type=postgresql.TIMESTAMP(),
        comment="Start, local time.",
        existing_comment="Local time.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "staff_assignments",
        "ends_at",
        existing_type=postgresql.TIMESTAMP(),
        comment="End, local time.",
        existing_comment="Local time.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.create_check_constraint(
        op.f("ck_staff_assignments_arrangement_value"),
        "staff_assignments",
        "arrangement IN ('rostered', 'cover')",
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "person_id",
        existing_type=sa.BIGINT(),
        comment="The patient in the master index.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "department",
        existing_type=sa.VARCHAR(length=40),
        comment="Department that the patient leaves.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "ward",
        existing_type=sa.VARCHAR(length=40),
        comment="Ward that the patient leaves.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "bed",
        existing_type=sa.VARCHAR(length=20),
        comment="Bed that the patient leaves.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "reason",
        existing_type=sa.VARCHAR(length=40),
        comment="Why the patient goes there.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "priority",
        existing_type=sa.VARCHAR(length=8),
        comment="How soon the patient has to go.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    op.alter_column(
        "transfers",
        "transport",
        existing_type=sa.VARCHAR(length=25),
        comment="What the patient travels with.",
        existing_nullable=False,
        autoincrement=False,
        schema="hospital",
    )
    for table, name, condition in _CHANGED_CHECKS:
        op.drop_constraint(op.f(name), table, schema="hospital")
        op.create_check_constraint(op.f(name), table, condition, schema="hospital")
