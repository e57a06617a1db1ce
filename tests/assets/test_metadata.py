"""What the UI is told of a record type."""

import polars as pl

from hospital_assets.assets.metadata import markdown_preview, table_schema
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from tests.resources.frames import days, frame


def test_every_column_is_described_with_its_type_and_constraints() -> None:
    shown = {column.name: column for column in table_schema(PATIENTS).columns}

    assert list(shown) == PATIENTS.schema.column_names()
    assert shown["census_date"].type == "DATE"
    assert shown["triage"].constraints.nullable
    assert not shown["person_id"].constraints.nullable
    assert "age_years <= 120" in shown["age_years"].constraints.other
    assert shown["encounter_id"].description == "The same on every day of a stay."


def test_keys_and_foreign_keys_are_shown() -> None:
    constraints = table_schema(PATIENTS).constraints

    assert constraints is not None
    assert "PRIMARY KEY (census_date, encounter_id)" in constraints.other
    assert "FOREIGN KEY (person_id) REFERENCES people (person_id)" in constraints.other


def test_only_a_key_of_one_column_is_unique_by_itself() -> None:
    unique = [c.name for c in table_schema(PEOPLE).columns if c.constraints.unique]

    assert unique == ["person_id"]
    assert not any(column.constraints.unique for column in table_schema(PATIENTS).columns)


def test_a_preview_is_a_markdown_table_of_the_first_rows() -> None:
    people = frame(PEOPLE, days(1)).head(3)
    first, rule, *rows = markdown_preview(people, rows=2).splitlines()

    assert first.startswith("| record_date | person_id |")
    assert rule.count("---") == people.width
    assert len(rows) == 2


def test_a_pipe_in_a_text_does_not_end_its_cell() -> None:
    people = frame(PEOPLE, days(1)).head(1).with_columns(pl.lit("a|b").alias("suburb"))

    assert "a\\|b" in markdown_preview(people.select("suburb"))
