"""The lake's description for other readers: a Data Package, from the contracts.

A reader that guesses types takes an ID number for a number and drops its leading zeros. The form is
Data Package 2.0 (https://datapackage.org), its tables are the CSV files.
"""

import json
from collections.abc import Sequence
from typing import Any

import dataframely as dy
import polars as pl

from hospital_assets.contracts.record_type import RecordType, Reference

# What a contract says of a column, and its name in a Data Package.
_CONSTRAINTS = {
    "min": "minimum",
    "max": "maximum",
    "regex": "pattern",
    "max_length": "maxLength",
    "categories": "enum",
}


def datapackage(records: Sequence[RecordType]) -> bytes:
    """Return the description of the records as JSON; each path is a pattern of file names."""
    content = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "hospital-assets",
        "title": "Records of a simulated hospital",
        "description": "A file a day and record; `path` is a pattern of their names. No real person"
        " is in them.",
        "resources": [_resource(record, {one.name for one in records}) for record in records],
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode() + b"\n"


def _resource(record: RecordType, known: set[str]) -> dict[str, Any]:
    return {
        "name": record.name,
        "description": record.grain,
        "path": f"{record.name}/csv/{record.name}-*.csv",
        "type": "table",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in record.schema.columns().values()],
            "missingValues": [""],
            "primaryKey": list(dict.fromkeys((record.partition_column, *record.key))),
            "foreignKeys": [
                _foreign_key(reference)
                for reference in record.references
                if reference.table in known
            ],
        },
    }


def _field(column: dy.Column) -> dict[str, Any]:
    constraints = {
        theirs: value
        for ours, theirs in _CONSTRAINTS.items()
        if (value := getattr(column, ours, None)) is not None
    }
    return {
        "name": column.name,
        **_type(column.dtype),
        "description": column.description,
        "constraints": {"required": not column.nullable, **constraints},
    }


def _type(dtype: pl.DataType) -> dict[str, str]:
    if dtype.is_integer():
        return {"type": "integer"}
    if dtype == pl.Date:
        return {"type": "date"}
    if dtype == pl.Datetime:
        return {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"}
    return {"type": "string"}


def _foreign_key(reference: Reference) -> dict[str, Any]:
    return {
        "fields": list(reference.columns),
        "reference": {"resource": reference.table, "fields": list(reference.target)},
    }
