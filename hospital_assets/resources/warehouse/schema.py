"""The PostgreSQL schema `hospital`, derived from the contracts.

Daily tables are partitioned by month. A month's partition comes with the first load of that month
(see `warehouse`), so an empty database has the parents only.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import dataframely as dy
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from hospital_assets.calendar.period import month_of
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse.stream_tables import add_tables

SCHEMA = "hospital"
# Not as Alembic has it by default: Dagster may have that one in the same database.
VERSION_TABLE = "schema_revision"
# The one column of a record's table that its contract doesn't have.
LOADED_AT = "loaded_at"

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def partition_bounds(month: date) -> tuple[date, date]:
    """The first day of a month's partition, and the first day after it."""
    return month, month_of(month).last_day + timedelta(days=1)


def partition_name(record: RecordType, month: date) -> str:
    """The table that holds one month of a daily table, such as `patients_2021_03`."""
    return f"{record.name}_{month:%Y_%m}"


def rules(column: dy.Column) -> dict[str, str]:
    """What each value of a column must satisfy, as SQL conditions by name; null always passes."""
    name = column.name
    found: dict[str, str] = {}
    for bound, operator in (("min", ">="), ("min_exclusive", ">"), ("max", "<="),
                            ("max_exclusive", "<")):  # fmt: skip
        limit = getattr(column, bound, None)
        if limit is not None:
            value = str(limit) if isinstance(limit, int | float) else _quoted(str(limit))
            found[bound] = f"{name} {operator} {value}"
    if isinstance(column, dy.String) and column.regex is not None:
        found["format"] = f"{name} ~ {_quoted(column.regex)}"
    if isinstance(column, dy.Enum):
        found["value"] = f"{name} IN ({', '.join(_quoted(c) for c in column.categories)})"
    return found


def metadata(records: Sequence[RecordType]) -> sa.MetaData:
    """Every table of the schema: one a record type, the stream's, the campaign, the version."""
    tables = sa.MetaData(schema=SCHEMA, naming_convention=NAMES)
    for record in records:
        _record_table(record, tables)
    add_tables(tables)
    sa.Table(
        "campaign",
        tables,
        sa.Column("single", sa.Boolean, sa.CheckConstraint("single", name="one_row"),
                  primary_key=True, server_default=sa.true()),
        sa.Column("epoch", sa.DateTime(timezone=True), nullable=False,
                  comment="Instant at which the simulated calendar starts."),
        sa.Column("tick_seconds", sa.Double, nullable=False,
                  comment="Wall-clock seconds between two batch ticks."),
        sa.Column("campaign_days", sa.Double,
                  comment="Real days over which the whole period is spread; empty: a day a tick."),
        sa.Column("fingerprint", sa.Text, nullable=False,
                  comment="Identity of the simulation: seed, profile and parameters."
                          " Empty after a migration that changes it, until the next start."),
        sa.Column("former_fingerprints", postgresql.ARRAY(sa.Text), nullable=False,
                  server_default="{}", comment="Identities that it had in earlier versions."),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False,
                  server_default=sa.func.now()),
        comment="The one row is the campaign that every process keeps to.",
    )  # fmt: skip
    sa.Table(
        "counted_days",
        tables,
        sa.Column("mart", sa.Text, primary_key=True, comment="Record that was counted."),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("sources", postgresql.JSONB, nullable=False,
                  comment="SHA-256 of what it was counted from, by record."),
        sa.Column("agrees", sa.Boolean, nullable=False,
                  comment="Whether these told the same facts."),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False,
                  server_default=sa.func.now()),
        comment="One row is a day of a mart and what it was counted from.",
    )  # fmt: skip
    sa.Table(
        VERSION_TABLE,
        tables,
        sa.Column("version_num", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("version_num", name="schema_revision_pkc"),
        comment="The one row is the version of these tables: the last migration that they have.",
    )
    return tables


def ddl(records: Sequence[RecordType]) -> list[str]:
    """The statements that create the schema, in order."""
    # The literals here are plain SQL; psycopg sends them as they are, without parameters.
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    statements = [f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"]

    def collect(statement: sa.Executable, *_: object, **__: object) -> None:
        statements.append(str(statement.compile(dialect=dialect)).strip())  # type: ignore[attr-defined]

    engine = sa.create_mock_engine("postgresql+psycopg://", collect)
    metadata(records).create_all(engine, checkfirst=False)
    return statements


def indexes(record: RecordType) -> dict[str, str]:
    """The statements that make the indexes beside the primary key of a table, by index name."""
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    table = metadata([record]).tables[f"{SCHEMA}.{record.name}"]
    return {
        str(index.name): str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name))
    }


def _record_table(record: RecordType, tables: sa.MetaData) -> sa.Table:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    contract = record.schema.columns()
    columns = [
        sa.Column(
            column.name,
            column.type,
            nullable=column.nullable,
            autoincrement=False,
            comment=contract[column.name].description,
        )
        for column in record.schema.to_sqlalchemy_columns(dialect)
    ]
    columns.append(
        sa.Column(LOADED_AT, sa.DateTime(timezone=True), nullable=False,
                  server_default=sa.func.now(),
                  comment="When the row was written to PostgreSQL; not in the lake.")
    )  # fmt: skip
    checks = [
        sa.CheckConstraint(condition, name=f"{name}_{rule}")
        for name, column in contract.items()
        for rule, condition in rules(column).items()
    ]
    foreign_keys = [
        sa.ForeignKeyConstraint(
            reference.columns,
            [f"{SCHEMA}.{reference.table}.{column}" for column in reference.target],
            deferrable=True,
            initially="DEFERRED",
        )
        for reference in record.references
    ]
    table = sa.Table(
        record.name,
        tables,
        *columns,
        sa.PrimaryKeyConstraint(*record.key),
        *checks,
        *foreign_keys,
        comment=_table_comment(record),
        postgresql_partition_by=(f"RANGE ({record.partition_column})" if record.is_daily else None),
    )
    for index in record.indexes:
        sa.Index(None, *(table.c[name] for name in index))
    return table


def _table_comment(record: RecordType) -> str:
    if record.is_daily:
        return record.grain
    return f"{record.grain} The table keeps each {record.key[0]} once, as of its latest day."


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
