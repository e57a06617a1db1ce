"""A file's CSV is the CSV that PostgreSQL gives for the same rows."""

# The records hold local time, without a zone.
# ruff: noqa: DTZ001, DTZ901

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

import polars as pl
import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.resources.lake.csv_form import CsvError, check, csv_bytes
from hospital_assets.resources.warehouse.loading import Connection
from tests.resources.frames import days, frame

NASTY = [
    "",
    " ",
    " a",
    "a ",
    "a,b",
    '"',
    '""',
    'a"b',
    "ü",
    "Ĳ",
    "\\.",
    "\\N",
    "NULL",
    "\t",
    "#",
    "'",
]
# A day of this table has texts, empty texts beside nulls, enums, numbers, dates and instants.
TEXTS = ["department", "ward", "bed", "diagnosis"]

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(codec="utf-8", exclude_characters="\n\r\0"),
        max_size=5,
    ),
)
instants = st.datetimes(datetime.min, datetime.max).map(
    lambda instant: instant.replace(microsecond=0)
)
rows = st.fixed_dictionaries(
    {
        **{name: texts for name in TEXTS if name in ("department", "diagnosis")},
        **{name: st.none() | texts for name in TEXTS if name in ("ward", "bed")},
        "admitted_at": instants,
        "discharged_at": st.none() | instants,
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(rows, min_size=1, max_size=8))
@example([dict.fromkeys(TEXTS, text) | {"admitted_at": datetime(2021, 3, 1)} for text in NASTY])
def test_postgresql_gives_the_same_bytes(
    csv_table: Connection, rows: list[dict[str, object]]
) -> None:
    base = frame(PATIENTS, days(1)).head(len(rows))
    changed = pl.DataFrame(rows, schema_overrides={"discharged_at": pl.Datetime})
    table = PATIENTS.schema.validate(base.with_columns(changed.get_columns()), cast=True).sort(
        "encounter_id"
    )
    content = csv_bytes(table)

    csv_table.execute("TRUNCATE day")
    with csv_table.cursor().copy("COPY day FROM STDIN (FORMAT csv, HEADER match)") as copy:
        copy.write(content)
    query = "COPY (SELECT * FROM day ORDER BY encounter_id) TO STDOUT (FORMAT csv, HEADER)"
    with csv_table.cursor().copy(query) as copy:
        back = b"".join(copy)

    assert back == content
    assert csv_table.execute("SELECT * FROM day ORDER BY encounter_id").fetchall() == table.rows()


@pytest.fixture
def csv_table(database: str) -> Iterator[Connection]:
    """A connection with an unconstrained temporary table `day` of the patients' columns."""
    types = {pl.Int64: "bigint", pl.Int32: "int", pl.Date: "date", pl.Datetime: "timestamp"}
    columns = ", ".join(
        f"{name} {types.get(type(dtype), 'text')}"
        for name, dtype in PATIENTS.schema.create_empty().schema.items()
    )
    with psycopg.connect(database, options="-c datestyle=ISO") as connection:
        connection.execute(f"CREATE TEMPORARY TABLE day ({columns})")
        yield connection


@pytest.mark.parametrize("broken", ["two\nlines", "carriage\rreturn", "nul\0"])
def test_a_text_that_breaks_the_line_is_refused(broken: str) -> None:
    table = pl.DataFrame({"number": [1, 2], "ward": ["B1", broken]})

    with pytest.raises(CsvError, match=r"column ward: a text holds a line break or NUL, .*2"):
        csv_bytes(table)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pl.Series("x", [1.5]), "type Float64 has no agreed CSV form"),
        (pl.Series("x", [True]), "type Boolean has no agreed CSV form"),
        (pl.Series("x", [datetime(2021, 3, 1, 0, 0, 0, 1)]), "whole second"),
        (pl.Series("x", [datetime(2021, 3, 1, tzinfo=UTC)]), "local time"),
        (pl.Series("x", [4_000_000]).cast(pl.Date), "year must be between 1 and 9999"),
    ],
)
def test_a_type_or_value_that_the_two_write_differently_is_refused(
    column: pl.Series, reason: str
) -> None:
    with pytest.raises(CsvError, match=reason):
        check(column.to_frame())


def test_the_bytes_do_not_change_between_releases() -> None:
    content = csv_bytes(frame(PATIENTS, [date(2021, 3, 1)]))

    assert content.splitlines()[1].decode() == (
        "2021-03-01,1,faci 1,1,emergency,elective,depa 1,ward 1,bed 1,orange,chie 1,2,21,201,"
        "diag 1,diag 1,referral,2021-03-01 00:01:00,2021-03-01 00:01:00,2021-03-01 00:01:00,"
        "2021-03-01 00:01:00,2021-03-01 00:01:00,admitted,ward,2,2"
    )
    assert len(hashlib.sha256(content).hexdigest()) == 64
