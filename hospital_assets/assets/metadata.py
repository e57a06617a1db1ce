"""What Dagster's UI shows of a record type: its columns, and a day's first rows."""

from collections.abc import Mapping

import dagster as dg
import polars as pl
import sqlalchemy as sa
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


def warehouse_schema(record: RecordType) -> dg.TableSchema:
    """The columns of a record's table: the contract's, and when a row was written."""
    schema = table_schema(record)
    own = [
        column
        for column in _columns(metadata([record]).tables[f"{SCHEMA}.{record.name}"], {})
        if column.name not in record.schema.column_names()
    ]
    return dg.TableSchema(columns=[*schema.columns, *own], constraints=schema.constraints)


def columns_of_table(name: str, described: Mapping[str, str]) -> dg.TableSchema:
    """The columns of a table that is no record's, with their comments, or as described."""
    return dg.TableSchema(columns=_columns(metadata([]).tables[f"{SCHEMA}.{name}"], described))


def markdown_preview(frame: pl.DataFrame, rows: int = 5) -> str:
    """The first rows as a Markdown table; null is an empty cell."""
    head = frame.head(rows)
    lines = [head.columns, ["---"] * head.width, *(map(_cell, row) for row in head.iter_rows())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _columns(table: sa.Table, described: Mapping[str, str]) -> list[dg.TableColumn]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return [
        dg.TableColumn(
            name=column.name,
            type=column.type.compile(dialect),
            description=column.comment or described.get(column.name),
            constraints=dg.TableColumnConstraints(nullable=bool(column.nullable)),
        )
        for column in table.columns
    ]


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
