"""The CSV form of a record: the very bytes that PostgreSQL's `COPY ... (FORMAT csv, HEADER)` gives.

A file and a table can then be compared by hash. What polars and PostgreSQL would write differently,
or what PostgreSQL can't hold, is refused.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO

import numpy as np
import polars as pl

PLAIN_TYPES = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.String, pl.Enum, pl.Date, pl.Datetime)
EARLIEST, LATEST = date(1, 1, 1), date(9999, 12, 31)


class CsvError(ValueError):
    """A value has no CSV form that polars and PostgreSQL agree on; the message names its column."""


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """UTF-8 CSV with a header, one line a row, nulls empty, instants as YYYY-MM-DD HH:MM:SS.

    Raises CsvError for a type or value outside `check`, and for a line break or NUL in a text.
    """
    buffer = BytesIO()
    frame.write_csv(buffer, datetime_format="%Y-%m-%d %H:%M:%S")
    text = buffer.getvalue()
    # Counting bytes costs next to nothing; looking into every text costs more than the write.
    if text.count(b"\n") != frame.height + 1 or b"\r" in text or b"\0" in text:
        raise CsvError(_broken_text(frame))
    return text


def cut(text: bytes, rows: Iterable[int]) -> Iterator[bytes]:
    """Give a CSV of `csv_bytes` in parts of so many rows, each with the header.

    One write and a few cuts cost less than many writes.
    """
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1
    header, first = text[: ends[0]], 0
    for count in rows:
        yield header + text[ends[first] : ends[first + count]]
        first += count


def check(frame: pl.DataFrame) -> None:
    """Raise CsvError unless each column's type and range have one CSV form."""
    for name, dtype in frame.schema.items():
        column = frame.get_column(name)
        if not isinstance(dtype, PLAIN_TYPES):
            raise CsvError(f"column {name}: type {dtype} has no agreed CSV form")
        if isinstance(dtype, pl.Datetime):
            if dtype.time_zone is not None:
                raise CsvError(f"column {name}: an instant must be local time, without a zone")
            if (column.dt.nanosecond() != 0).any():
                raise CsvError(f"column {name}: an instant must be a whole second")
        if isinstance(dtype, pl.Date | pl.Datetime):
            lowest, highest = EARLIEST, LATEST
            if isinstance(dtype, pl.Datetime):
                lowest = datetime.combine(lowest, datetime.min.time())
                highest = datetime.combine(highest, datetime.max.time())
            if not column.drop_nulls().is_between(pl.lit(lowest), pl.lit(highest)).all():
                raise CsvError(f"column {name}: a year must be between 1 and 9999")


def _broken_text(frame: pl.DataFrame) -> str:
    for name in frame.select(pl.col(pl.String)).columns:
        broken = frame.get_column(name).str.contains(r"[\n\r\x00]").arg_true()
        if broken.len():
            row = frame.row(broken.item(0))
            return f"column {name}: a text holds a line break or NUL, first in the row {row}"
    return "a text holds a line break or NUL"
