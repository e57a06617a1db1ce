"""What Dagster's UI shows of a record type: its columns, and a day's first rows."""

import dagster as dg
import polars as pl
from sqlalchemy.dialects import postgresql

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse.schema import SCHEMA, metadata, rules


def table_schema(record: RecordType) -> dg.TableSchema:
    """The contract's columns with PostgreSQL's types, descriptions and constraints."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = {
        column.name: column.type.compile(dialect)
        for column in record.schema.to_sqlalchemy_columns(dialect)
    }
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=name,
                type=types[name],
                description=column.description,
                constraints=dg.TableColumnConstraints(
                    nullable=column.nullable,
                    unique=record.key == (name,),
                    other=list(rules(column).values()),
                ),
            )
            for name, column in record.schema.columns().items()
        ],
        constraints=dg.TableConstraints(other=_table_constraints(record)),
    )


def columns_of_table(name: str) -> dg.TableSchema:
    """The columns of a table of the schema that is no record's, with their comments."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.type.compile(dialect),
                description=column.comment,
                constraints=dg.TableColumnConstraints(nullable=bool(column.nullable)),
            )
            for column in metadata([]).tables[f"{SCHEMA}.{name}"].columns
        ]
    )


def markdown_preview(frame: pl.DataFrame, rows: int = 5) -> str:
    """The first rows as a Markdown table; null is an empty cell."""
    head = frame.head(rows)
    lines = [head.columns, ["---"] * head.width, *(map(_cell, row) for row in head.iter_rows())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _table_constraints(record: RecordType) -> list[str]:
    return [
        f"PRIMARY KEY ({', '.join(record.key)})",
        *(
            f"FOREIGN KEY ({', '.join(reference.columns)}) "
            f"REFERENCES {reference.table} ({', '.join(reference.target)})"
            for reference in record.references
        ),
    ]


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
