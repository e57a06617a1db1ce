"""The PostgreSQL side of the records: one table a record type, in the schema `hospital`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import psycopg
from psycopg import sql

from hospital_assets.calendar.clock import Campaign
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.errors import HospitalError, ServiceAwayError, is_refusal, one_line
from hospital_assets.resources.warehouse import (
    bulk,
    campaign_table,
    counted_days,
    loading,
    migrating,
    removal,
    views,
)
from hospital_assets.resources.warehouse.counted_days import CountedDay
from hospital_assets.resources.warehouse.latest_rows import UnfitFileError
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA, ddl
from hospital_assets.resources.warehouse.session import (
    READ_LOCK_SECONDS,
    WRITE_LOCK_SECONDS,
    HeldUpError,
    session,
)


class WarehouseError(HospitalError):
    """PostgreSQL refused or can't be reached; the message says what, where and what to do."""


class NoSchemaError(WarehouseError):
    """There are no tables yet: nothing was started here."""


class WarehouseAwayError(WarehouseError, ServiceAwayError):
    """PostgreSQL doesn't answer now, or is held up; a later attempt may get through."""


@dataclass(frozen=True, order=True)
class Difference:
    """A key by which a current-state table falls short of a day's file, and in what way."""

    day: date
    kind: str
    key: tuple[Any, ...]


@dataclass(frozen=True)
class Warehouse:
    """The hospital's database, with a table for each of `records`.

    `url` is asked at every call, since a server may come back elsewhere. It holds the password:
    it belongs in no log and no argument. Every call is one transaction on a connection of its
    own, so calls from several threads and processes are safe. Each raises WarehouseError with
    one line, and has then changed nothing.
    """

    url: Callable[[], str]
    records: Sequence[RecordType]

    def create_schema(self) -> None:
        """Make the schema if it isn't there, and bring one of an earlier version forward.

        Safe to call at every start and from anywhere. Raises WarehouseError if the tables that are
        there are of a version that nobody here knows, or lack a column.
        """
        with self._transaction("create the schema", WRITE_LOCK_SECONDS) as connection:
            loading.lock(connection, SCHEMA)
            stored = migrating.stored(connection, self.records)
            if stored is None:
                for statement in ddl(self.records):
                    connection.execute(statement.encode())
                views.create(connection, self.records)
                migrating.stamp(connection)
            elif stored not in migrating.versions():
                raise _other_version(connection.info.dbname, "")
            elif stored == migrating.newest() and (
                missing := migrating.missing(connection, self.records)
            ):
                raise _other_version(connection.info.dbname, f", without {missing[0]}")
            is_older = stored not in (None, migrating.newest())
            for record in () if is_older else self.records:
                if not record.is_daily:
                    bulk.rebuild(connection, record)
        if is_older:
            with self._transaction("bring the schema forward", WRITE_LOCK_SECONDS) as connection:
                migrating.bring_forward(connection, self.records)

    def version(self) -> str | None:
        """Return the version of the stored schema, None if there is none."""
        with self._transaction("read the schema's version") as connection:
            return migrating.stored(connection, self.records)

    @contextmanager
    def bulk(self, record: RecordType) -> Iterator[None]:
        """Load a current-state table without the indexes beside its key, which come at the end.

        Worth it where more rows come than there are: a build costs less than a step in each
        index for every row. Others may load and read meanwhile; the last of several to leave
        builds. After a failure or a crash the next `create_schema` does.
        """
        with self._transaction("load in bulk", WRITE_LOCK_SECONDS) as connection:
            bulk.begin(connection, record)
            connection.commit()
            yield
            # A restart of the server meanwhile has given the lock up, and is no reason to fail.
            connection.close()
        with self._transaction("build the indexes", WRITE_LOCK_SECONDS) as connection:
            bulk.rebuild(connection, record)

    def load(self, record: RecordType, csv_files: Mapping[date, bytes]) -> int:
        """Replace the given days by the files' rows, all or none, and return how many were read.

        A daily table holds exactly the file's rows of each day afterwards. A current-state table
        holds each key's latest row. Pass a month at a time: a transaction stays that small.
        """
        load = loading.load_daily if record.is_daily else loading.load_current
        action = f"load {record.name} of {_span(csv_files)}"
        with self._transaction(action, WRITE_LOCK_SECONDS) as connection:
            return load(connection, record, csv_files)

    def digest(self, record: RecordType, day: date) -> str | None:
        """SHA-256 of a day in a daily table; equal to that of the CSV file it was loaded from.

        None where the table has no row of the day.
        """
        with self._transaction(f"read {record.name} of {day}") as connection:
            return loading.digest_daily(connection, record, day)

    def compare(self, record: RecordType, csv_files: Mapping[date, bytes]) -> list[Difference]:
        """Return how a current-state table falls short of the days' files.

        A key is `missing`, its row is of an `older` day, `differing` on the same day, or `extra`.
        """
        with self._transaction(f"compare {record.name} of {_span(csv_files)}") as connection:
            return [Difference(*one) for one in loading.differences(connection, record, csv_files)]

    def read(self, record: RecordType, days: Sequence[date]) -> pl.DataFrame:
        """Return the rows of the days, in the order of day and key."""
        return self._rows(record, record.partition_column, days)

    def _rows(self, record: RecordType, column: str, values: Sequence[Any]) -> pl.DataFrame:
        columns = record.schema.column_names()
        order = dict.fromkeys((record.partition_column, *record.key))
        query = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s) ORDER BY {}").format(
            loading.names(columns),
            loading.table(record),
            sql.Identifier(column),
            loading.names(list(order)),
        )
        with self._transaction(f"read {record.name}") as connection:
            rows = connection.execute(query, [list(values)]).fetchall()
        types = {
            name: pl.String if isinstance(column.dtype, pl.Enum) else column.dtype
            for name, column in record.schema.columns().items()
        }
        return record.schema.cast(pl.DataFrame(rows, schema=types, orient="row"))

    def find(self, record: RecordType, column: str, values: Sequence[Any]) -> pl.DataFrame:
        """Return the rows that have one of the values in a column, in the order of day and key."""
        return self._rows(record, column, values)

    def counts_by(self, record: RecordType, columns: Sequence[str]) -> dict[tuple[Any, ...], int]:
        """Return how many rows the table has for each combination of values of the columns."""
        grouped = loading.names(columns)
        query = sql.SQL("SELECT count(*), {} FROM {} GROUP BY {}").format(
            grouped, loading.table(record), grouped
        )
        with self._transaction(f"count {record.name}") as connection:
            return {tuple(values): count for count, *values in connection.execute(query)}

    def rows_by_day(self, record: RecordType, days: Sequence[date]) -> dict[date, int]:
        """Return how many rows a table has of each of the days, without those that have none."""
        day = sql.Identifier(record.partition_column)
        query = sql.SQL("SELECT {0}, count(*) FROM {1} WHERE {0} = ANY(%s) GROUP BY {0}").format(
            day, loading.table(record)
        )
        with self._transaction(f"count {record.name}") as connection:
            return dict(connection.execute(query, [list(days)]).fetchall())

    def row_counts(self) -> dict[str, int]:
        """Rows in each table, by the record type's name."""
        with self._transaction("count the rows") as connection:
            return {
                record.name: _value(
                    connection, sql.SQL("SELECT count(*) FROM {}").format(loading.table(record))
                )
                for record in self.records
            }

    def days(self, record: RecordType) -> list[date]:
        """The days that the table's rows are of, in order."""
        with self._transaction(f"list the days of {record.name}") as connection:
            return loading.days(connection, record)

    def digests(self, record: RecordType) -> dict[date, str]:
        """SHA-256 of the rows of each day that a table has, as they are now."""
        with self._transaction(f"read {record.name}") as connection:
            return counted_days.digests(connection, record)

    def counted_days(self, mart: RecordType) -> dict[date, CountedDay]:
        """What each day of a mart was counted from."""
        with self._transaction(f"read what {mart.name} was counted from") as connection:
            return counted_days.stored(connection, mart)

    def store_counted(self, mart: RecordType, days: Mapping[date, CountedDay]) -> None:
        """Store what days of a mart were counted from."""
        action = f"store what {mart.name} was counted from"
        with self._transaction(action, WRITE_LOCK_SECONDS) as connection:
            counted_days.store(connection, mart, days)

    def pin_campaign(self, campaign: Campaign) -> Campaign:
        """Store the campaign unless one is stored; return the stored one, the same to everybody."""
        with self._transaction("pin the campaign") as connection:
            return campaign_table.pin(connection, campaign)

    def repin(self, campaign: Campaign) -> Campaign:
        """Replace the stored campaign, and return it."""
        with self._transaction("pin the campaign again") as connection:
            return campaign_table.replace(connection, campaign)

    def campaign(self) -> Campaign | None:
        """The stored campaign, or None before the first start."""
        with self._transaction("read the campaign") as connection:
            return campaign_table.stored(connection)

    def former_fingerprints(self) -> set[str]:
        """The identities of the simulation that the campaign had in earlier versions."""
        with self._transaction("read the campaign") as connection:
            return campaign_table.former_fingerprints(connection)

    def our_tables(self) -> list[str]:
        """The names of our tables that are there, of this version or of an earlier one."""
        with self._transaction("list the tables") as connection:
            return removal.our_tables(connection, self.records)

    def drop_tables(self) -> None:
        """Drop our tables with all their rows, and the schema if nothing else is in it.

        Raises WarehouseError, and has dropped nothing, if anything of others depends on them.
        """
        with self._transaction("drop the tables", WRITE_LOCK_SECONDS) as connection:
            loading.lock(connection, SCHEMA)
            removal.drop_tables(connection, self.records)

    @contextmanager
    def _transaction(
        self, action: str, lock_seconds: int = READ_LOCK_SECONDS
    ) -> Iterator[Connection]:
        try:
            with session(self.url(), "hospital warehouse", lock_seconds=lock_seconds) as connection:
                yield connection
        except HeldUpError as error:
            raise WarehouseError(f"can't {action}: {error}; nothing was changed") from error
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
            raise NoSchemaError(
                f"can't {action}: {_reason(error)}; create the schema first"
            ) from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise WarehouseError(
                f"can't {action}: {_reason(error)}: it isn't for this database user; nothing was"
                " changed"
            ) from error
        except psycopg.errors.DependentObjectsStillExist as error:
            raise WarehouseError(
                f"can't {action}: {one_line(error.diag.message_detail or error)}; nothing was"
                " changed: what isn't ours is never dropped, so drop it yourself (or change it to"
                " do without) and try again"
            ) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            kind = WarehouseError if is_refusal(error) else WarehouseAwayError
            raise kind(f"can't {action}: {_reason(error)}; nothing was changed") from error
        except (psycopg.Error, UnfitFileError) as error:
            raise WarehouseError(
                f"can't {action}: {_reason(error)}; nothing was changed"
            ) from error


def _other_version(database: str, how: str) -> WarehouseError:
    return WarehouseError(
        f"the schema {SCHEMA} in database {database} is of another version of this software{how}:"
        " use that version or another database, or begin anew by `hospital reset`, which removes"
        " our tables and files and asks first"
    )


def _value(connection: Connection, query: sql.Composed) -> Any:
    return connection.execute(query).fetchall()[0][0]


def _span(days: Iterable[date]) -> str:
    found = sorted(days)
    return f"{found[0]} to {found[-1]}" if found else "no day"


def _reason(error: Exception) -> str:
    if not isinstance(error, psycopg.Error) or error.diag.message_primary is None:
        return one_line(error)
    parts = (error.diag.message_primary, error.diag.message_detail, error.diag.context)
    return ", ".join(one_line(part) for part in parts if part)
