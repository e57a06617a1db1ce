"""The views of the schema: what people ask the tables for most, by a name of its own.

They hold nothing, so no migration is written for them: they are dropped before one and made from
the contracts after it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects import postgresql

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import LOADED_AT, SCHEMA, metadata

# Columns of who is no inpatient in a bed, of how a stay ended, or of the table alone.
_NOT_OF_A_CENSUS = (
    "encounter_class",
    "triage",
    "chief_complaint",
    "triaged_at",
    "seen_at",
    "decided_at",
    "discharged_at",
    "disposition",
    "discharge_destination",
    LOADED_AT,
)


@dataclass(frozen=True)
class View:
    """A view: what one row is, its query, and remarks on columns that the tables don't have."""

    name: str
    comment: str
    query: sa.Select[tuple[object, ...]]
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[tuple[str, str, str]]:
        """Name, type and meaning of each column."""
        dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
        return [
            (
                column.name,
                column.type.compile(dialect),
                self.remarks.get(column.name) or getattr(column, "comment", None) or "",
            )
            for column in self.query.selected_columns
        ]

    def statements(self) -> list[sql.Composed]:
        """Return what makes the view, with its comments."""
        dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
        query = str(self.query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        name = sql.Identifier(SCHEMA, self.name)
        return [
            sql.SQL("CREATE VIEW {} AS {}").format(name, sql.SQL(query)),
            sql.SQL("COMMENT ON VIEW {} IS {}").format(name, sql.Literal(self.comment)),
            *(
                sql.SQL("COMMENT ON COLUMN {} IS {}").format(
                    sql.Identifier(SCHEMA, self.name, column), sql.Literal(meaning)
                )
                for column, _, meaning in self.columns
            ),
        ]


def views(records: Sequence[RecordType]) -> list[View]:
    """Return every view of the schema."""
    tables = metadata(records).tables
    patients, flow = tables[f"{SCHEMA}.patients"].c, tables[f"{SCHEMA}.patient_flow"].c
    latest = sa.select(sa.func.max(patients.census_date)).scalar_subquery()
    percent = sa.func.round(100.0 * flow.census / flow.beds, 1, type_=sa.Numeric)
    return [
        View(
            "encounters",
            "One row is an encounter, as its latest day in `patients` has it.",
            sa.select(
                patients.census_date.label("as_of"),
                *(column for column in patients if column is not patients.census_date),
            )
            .distinct(patients.encounter_id)
            .order_by(patients.encounter_id, patients.census_date.desc()),
            {"as_of": "Latest day of the encounter; the row is what was known at its end."},
        ),
        View(
            "current_census",
            "One row is a patient who lies in a bed at the end of the latest day in `patients`.",
            sa.select(*(column for column in patients if column.name not in _NOT_OF_A_CENSUS))
            .where(patients.census_date == latest)
            .where(patients.bed.is_not(None), patients.discharged_at.is_(None)),
        ),
        View(
            "occupancy",
            "One row is how full a department with beds is at the end of a day of `patient_flow`.",
            sa.select(
                flow.flow_date,
                flow.department,
                flow.beds,
                flow.census,
                (flow.beds - flow.census).label("free"),
                percent.label("percent"),
            ).where(flow.beds > 0),
            {"free": "Beds in which nobody lies.", "percent": "Beds that are taken, of 100."},
        ),
    ]


def create(connection: Connection, records: Sequence[RecordType]) -> None:
    """Make every view, within the caller's transaction; none may be there."""
    for view in views(records):
        for statement in view.statements():
            connection.execute(statement)


def drop(connection: Connection, records: Sequence[RecordType]) -> None:
    """Drop the views that are there, within the caller's transaction.

    Raises psycopg.errors.DependentObjectsStillExist if anything of others depends on them.
    """
    names = (sql.Identifier(SCHEMA, view.name) for view in views(records))
    connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.SQL(", ").join(names)))
