"""What each day of a mart was counted from: the rows of `hospital.counted_days`.

A day whose sources have changed since is counted again, whatever changed them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from psycopg import sql
from psycopg.types.json import Jsonb

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.warehouse.loading import Connection, names, table
from hospital_assets.resources.warehouse.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "counted_days")


@dataclass(frozen=True)
class CountedDay:
    """The SHA-256 of each record that a day was counted from, by name, and if these agreed."""

    sources: Mapping[str, str]
    agrees: bool


def store(connection: Connection, mart: RecordType, days: Mapping[date, CountedDay]) -> None:
    """Store what days were counted from."""
    query = sql.SQL(
        "INSERT INTO {} (mart, day, sources, agrees) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (mart, day) DO UPDATE SET sources = excluded.sources,"
        " agrees = excluded.agrees, counted_at = excluded.counted_at"
    ).format(TABLE)
    with connection.cursor() as cursor:
        cursor.executemany(
            query,
            [
                (mart.name, day, Jsonb(dict(counted.sources)), counted.agrees)
                for day, counted in days.items()
            ],
        )


def stored(connection: Connection, mart: RecordType) -> dict[date, CountedDay]:
    """Return what every day of a mart was counted from."""
    query = sql.SQL("SELECT day, sources, agrees FROM {} WHERE mart = %s").format(TABLE)
    found = connection.execute(query, [mart.name])
    return {day: CountedDay(sources, agrees) for day, sources, agrees in found}


def digests(connection: Connection, record: RecordType) -> dict[date, str]:
    """Return the SHA-256 of each day's rows in a table, as it is now, in one scan of it."""
    # A row as PostgreSQL writes it: another version may write it otherwise, and counts once more.
    query = sql.SQL(
        "SELECT {day}, encode(sha256(convert_to(string_agg(row::text, E'\\n' ORDER BY {key}),"
        " 'UTF8')), 'hex') FROM {table} AS row GROUP BY {day}"
    ).format(
        day=sql.Identifier(record.partition_column), key=names(record.key), table=table(record)
    )
    return dict(connection.execute(query).fetchall())
