"""What a record type is: a schema, and what a store has to know beyond its columns."""

from dataclasses import dataclass

import dataframely as dy


@dataclass(frozen=True)
class Reference:
    """A foreign key: `columns` of the referring table name a row of `table`."""

    columns: tuple[str, ...]
    table: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What one learns from a record: a question in words, and the SQL that answers it."""

    text: str
    sql: str


@dataclass(frozen=True)
class RecordType:
    """A record type: its schema and what a store has to know beyond the columns.

    `key` is the primary key in PostgreSQL. Where it leads with `partition_column`, a day is a
    window of the table; where it does not (people), the table holds each record's current state.
    `question` is one that a newcomer may ask first, of the first days of the period.
    """

    name: str
    schema: type[dy.Schema]
    partition_column: str
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    question: Question | None = None

    @property
    def grain(self) -> str:
        """What one row is, in a sentence."""
        return (self.schema.__doc__ or "").strip()

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns, each with the values that it may have where the schema lists them."""
        return {
            name: tuple(getattr(column, "categories", ()))
            for name, column in self.schema.columns().items()
        }

    @property
    def is_daily(self) -> bool:
        """Whether the table keeps every day's rows rather than the current state."""
        return self.key[0] == self.partition_column
