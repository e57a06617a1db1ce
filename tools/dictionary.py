"""The data dictionary: every table of the schema `hospital`, from the contracts and the warehouse.

A table's section has its columns as PostgreSQL has them, with what their values must satisfy.
"""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import RECORD_TYPES, REGISTRY, Registration
from hospital_assets.resources.warehouse.schema import LOADED_AT, metadata, rules
from hospital_assets.resources.warehouse.views import View, views
from tools.generated_file import GeneratedFile

TARGET = ROOT / "docs" / "data-dictionary.md"

_HEAD = """# Data dictionary

Every table of the schema `hospital` in PostgreSQL. Records come first; they stand in
`hospital_assets/contracts/`, and the lake has the same columns in the same order, but for
`loaded_at`. The tables after them keep the state of the stream, the campaign and the schema, and
stand in `hospital_assets/resources/warehouse/`.

Types are PostgreSQL's. A time without a zone is the hospital's, local in Johannesburg; one with a
zone is an instant of the real clock. `make generate` writes this file.
"""

_VIEWS_HEAD = """# Views

Questions that are asked often, as views of the same schema; they stand in
`hospital_assets/resources/warehouse/views.py`.
"""

Rules = Mapping[str, Sequence[str]]


def text() -> str:
    """Return the dictionary as Markdown, a section a table."""
    records = {row.name: row for row in REGISTRY}
    sections = [
        _record_section(table, records[table.name])
        if table.name in records
        else _section(table, table.comment or "", _checks(table))
        for table in metadata(RECORD_TYPES).tables.values()
    ]
    return "\n".join([_HEAD, *sections, _VIEWS_HEAD, *map(_view_section, views(RECORD_TYPES))])


def _record_section(table: sa.Table, record: Registration) -> str:
    remarks = f"{table.comment}\n\nOrigin: {record.origin.value}."
    columns = record.contract.schema.columns().items()
    return _section(
        table,
        remarks,
        {LOADED_AT: [], **{name: list(rules(column).values()) for name, column in columns}},
    )


def _section(table: sa.Table, remarks: str, rules_of: Rules) -> str:
    lines = [f"## {table.name}", "", remarks, ""]
    lines += [f"- `{constraint}`" for constraint in _constraints(table)]
    lines += ["", "| column | type | null | meaning | rules |", "|---|---|---|---|---|"]
    lines += [_row(column, rules_of[column.name]) for column in table.columns]
    return "\n".join([*lines, ""])


def _view_section(view: View) -> str:
    lines = [
        f"## {view.name}",
        "",
        view.comment,
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    lines += [f"| `{name}` | {kind} | {meaning} |" for name, kind, meaning in view.columns]
    return "\n".join([*lines, ""])


def _row(column: sa.Column[object], conditions: Sequence[str]) -> str:
    cells = (
        f"`{column.name}`",
        column.type.compile(postgresql.dialect()),  # type: ignore[no-untyped-call]
        "yes" if column.nullable else "",
        column.comment or "",
        " and ".join(f"`{condition}`" for condition in conditions),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _constraints(table: sa.Table) -> Iterator[str]:
    yield f"PRIMARY KEY ({', '.join(table.primary_key.columns.keys())})"
    # SQLAlchemy keeps them in a set, so their order varies between processes.
    for key in sorted(table.foreign_key_constraints, key=lambda each: tuple(each.column_keys)):
        target = ", ".join(element.column.name for element in key.elements)
        yield (
            f"FOREIGN KEY ({', '.join(key.column_keys)}) "
            f"REFERENCES {key.referred_table.name} ({target})"
        )


def _checks(table: sa.Table) -> Rules:
    return {
        column.name: [
            str(constraint.sqltext)
            for constraint in column.constraints
            if isinstance(constraint, sa.CheckConstraint)
        ]
        for column in table.columns
    }


FILE = GeneratedFile("dictionary", TARGET, text)
