"""The lake's description for other readers."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import polars as pl

from hospital_assets.registry import IN_BATCH_LAKE
from hospital_assets.resources.lake.datapackage import datapackage
from hospital_assets.resources.lake.resource import Lake
from tests.resources.frames import frame

RECORDS = [row.contract for row in IN_BATCH_LAKE]
PACKAGE = json.loads(datapackage(RECORDS))
# What Data Package 2.0 and Table Schema 2.0 ask of what is used of them here.
SCHEMA = {
    "type": "object",
    "required": ["resources"],
    "properties": {
        "name": {"pattern": r"^[a-z0-9._-]+$"},
        "resources": {
            "minItems": 1,
            "items": {
                "required": ["name", "path", "schema"],
                "properties": {
                    "name": {"pattern": "^[a-z0-9._-]+$"},
                    "path": {"pattern": r"^(?!/|~|\.\./)"},
                    "schema": {
                        "required": ["fields"],
                        "properties": {
                            "fields": {
                                "minItems": 1,
                                "items": {
                                    "required": ["name", "type", "description"],
                                    "properties": {
                                        "type": {
                                            "enum": ["integer", "string", "date", "datetime"]
                                        },
                                        "constraints": {
                                            "propertyNames": {
                                                "enum": ["required", "minimum", "maximum",
                                                         "pattern", "maxLength", "enum"]
                                            }
                                        },
                                    },
                                },
                            }
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


def test_it_is_a_data_package_of_every_record_of_the_lake() -> None:
    jsonschema.validate(PACKAGE, SCHEMA)
    assert [one["name"] for one in PACKAGE["resources"]] == [one.name for one in RECORDS]


def test_every_column_stands_in_it_in_its_order_and_identifiers_are_texts() -> None:
    for record, resource in zip(RECORDS, PACKAGE["resources"], strict=True):
        fields = resource["schema"]["fields"]
        assert [one["name"] for one in fields] == record.schema.column_names()
        for field, column in zip(fields, record.schema.columns().values(), strict=True):
            is_text = column.dtype in (pl.String, pl.Enum)
            assert (field["type"] == "string") == is_text, field["name"]
            assert field["constraints"]["required"] == (not column.nullable)


def test_a_foreign_key_leads_to_a_record_and_columns_that_are_there() -> None:
    columns = {
        one["name"]: {field["name"] for field in one["schema"]["fields"]}
        for one in PACKAGE["resources"]
    }
    for resource in PACKAGE["resources"]:
        for key in resource["schema"]["foreignKeys"]:
            assert set(key["fields"]) <= columns[resource["name"]]
            assert set(key["reference"]["fields"]) <= columns[key["reference"]["resource"]]


def test_it_lies_beside_the_records_names_their_files_and_is_written_once(lake: Lake) -> None:
    record = RECORDS[0]
    lake.write(record, frame(record, [date(2021, 3, 1)]), "fingerprint")
    lake.write_datapackage(RECORDS)
    place = Path(lake.root) / "batch" / "datapackage.json"
    path = PACKAGE["resources"][0]["path"]
    assert [file.name for file in place.parent.glob(path)] == [f"{record.name}-2021-03-01.csv"]

    written = place.stat().st_ino
    lake.write_datapackage(RECORDS)
    assert place.stat().st_ino == written
    place.write_text("{}", encoding="utf-8")
    lake.write_datapackage(RECORDS)
    assert place.read_bytes() == datapackage(RECORDS)
    lake.remove_datapackage()
    assert not place.exists()
