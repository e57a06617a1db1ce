"""A day's rows as the bytes of a file: the same in the lake and outside it."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO

import polars as pl

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.lake.csv_form import check, csv_bytes


def validated(record: RecordType, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in the order of their days and keys.

    Raises dataframely's SchemaError or ValidationError, or CsvError, if one breaks the contract.
    """
    valid = record.schema.validate(frame)
    check(valid)
    return valid.sort(record.partition_column, *record.key)


def by_day(record: RecordType, frame: pl.DataFrame) -> Iterator[tuple[date, pl.DataFrame]]:
    """Give each day with its rows; `frame` is in the order of `validated`."""
    offset = 0
    for run in frame.get_column(record.partition_column).rle():
        yield run["value"], frame.slice(offset, run["len"])
        offset += run["len"]


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return the rows as Parquet, compressed."""
    buffer = BytesIO()
    # The lowest level: a day's texts come out no larger, for less time.
    frame.write_parquet(buffer, compression="zstd", compression_level=1)
    return buffer.getvalue()


def ndjson_bytes(frame: pl.DataFrame) -> bytes:
    """Return the rows as JSON, one object a line, days and instants as in the CSV form."""
    return (
        frame.with_columns(
            pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S"), pl.col(pl.Date).cast(pl.String)
        )
        .write_ndjson()
        .encode()
    )


FORMS: dict[str, Callable[[pl.DataFrame], bytes]] = {
    "csv": csv_bytes,
    "parquet": parquet_bytes,
    "ndjson": ndjson_bytes,
}
