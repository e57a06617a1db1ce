"""People: the master patient index, as far as a day touches it."""

import dataframely as dy

from hospital_assets.contracts.record_type import RecordType

SEXES = ["female", "male"]


class People(dy.Schema):
    """One row is a person touched on the day: digitised then, or referred to by its records."""

    record_date = dy.Date(primary_key=True, description="Day of the extract.")
    person_id = dy.Int64(primary_key=True, min=1, description="Number in the master patient index.")
    first_name = dy.String(max_length=60)
    last_name = dy.String(max_length=60)
    sex = dy.Enum(SEXES)
    date_of_birth = dy.Date()
    id_number = dy.String(
        regex=r"^\d{10}08\d$",
        max_length=13,
        description="South African ID number: YYMMDD SSSS C A Z.",
    )
    phone = dy.String(regex=r"^0\d{9}$", max_length=10)
    street_address = dy.String(max_length=80)
    suburb = dy.String(max_length=60)
    city = dy.String(max_length=60)
    postal_code = dy.String(regex=r"^\d{4}$", max_length=4)
    registration_date = dy.Date(
        nullable=True,
        description="Day the paper file was digitised; empty while that is still to come.",
    )
    deceased_on = dy.Date(
        nullable=True, description="Day of death in this hospital, once it has happened."
    )


PEOPLE = RecordType(
    name="people",
    schema=People,
    partition_column="record_date",
    key=("person_id",),
    indexes=(("id_number",), ("last_name", "first_name")),
)
