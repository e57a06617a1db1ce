"""People: the master patient index, as far as a day touches it."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType

SEXES = ["female", "male"]
CITIZENSHIPS = ["citizen", "permanent_resident", "foreign_national", "undocumented"]
PAYER_CLASSES = ["H0", "H1", "H2", "H3", "medical_aid"]
RELATIONSHIPS = ["partner", "mother", "father", "child", "sibling", "household"]


class People(dy.Schema):
    """One row is a person touched on the day: digitised then, or referred to by its records."""

    record_date = dy.Date(primary_key=True, description="Day of the extract.")
    person_id = dy.Int64(primary_key=True, min=1, description="Number in the master patient index.")
    first_name = dy.String(max_length=60, description="First given name.")
    second_name = dy.String(nullable=True, max_length=60, description="Second given name, if any.")
    last_name = dy.String(max_length=60, description="Surname.")
    sex = dy.Enum(SEXES, description="Sex at birth.")
    date_of_birth = dy.Date(description="Day of birth.")
    language = dy.String(max_length=20, description="Home language.")
    citizenship = dy.Enum(
        CITIZENSHIPS, description="Standing by which the person lives in South Africa."
    )
    nationality = dy.String(
        regex=r"^[A-Z]{3}$", max_length=3, description="Country, ISO 3166-1 alpha-3."
    )
    id_number = dy.String(
        nullable=True,
        regex=r"^\d{10}[01]9\d$",
        max_length=13,
        description="South African ID number: YYMMDD SSSS C A Z. C is 0 for citizens and 1 for "
        "permanent residents; A is 9, which marks it as synthetic. Empty for other foreigners, "
        "until the birth is registered, and where nobody has shown it.",
    )
    passport_number = dy.String(
        nullable=True,
        max_length=12,
        description="Passport of a foreigner without a South African ID number, if one was shown.",
    )
    phone = dy.String(
        regex=r"^0\d{9}$",
        max_length=10,
        description="Mobile number by which the person is reached: of a child under 14, and of "
        "some others, the next of kin's.",
    )
    street_address = dy.String(max_length=80, description="House and street of the household.")
    suburb = dy.String(max_length=60, description="Suburb of the household.")
    city = dy.String(max_length=60, description="City or town of the household.")
    postal_code = dy.String(regex=r"^\d{4}$", max_length=4, description="Of the street address.")
    payer_class = dy.Enum(
        PAYER_CLASSES,
        description="Fee class of public hospitals by the household's income: H0 is free, H3 pays "
        "in full; or a member of a medical aid.",
    )
    mother_id = dy.Int64(
        nullable=True,
        min=1,
        description="The mother in the master index, where she is known; her row may be of other "
        "days.",
    )
    next_of_kin_id = dy.Int64(
        nullable=True,
        min=1,
        description="Whom to call, alive and adult on the day; the row may be of other days.",
    )
    next_of_kin_relationship = dy.Enum(
        RELATIONSHIPS, nullable=True, description="What the next of kin is to the person."
    )
    registration_date = dy.Date(
        nullable=True,
        description="Day the paper file was digitised; empty while that is still to come.",
    )
    deceased_on = dy.Date(
        nullable=True, description="Day of death, in hospital or outside, once it has happened."
    )


PEOPLE = RecordType(
    name="people",
    schema=People,
    partition_column="record_date",
    key=("person_id",),
    indexes=(("id_number",), ("last_name", "first_name")),
    question=Question(
        "In which fee classes are the people whom the hospital has to do with?",
        "select payer_class, count(*) as people\n"
        "from hospital.people\n"
        "group by payer_class order by payer_class",
    ),
)
