"""The latest row of each key in the CSV files of several days. Pure."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO

import polars as pl

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.errors import one_line


class UnfitFileError(ValueError):
    """A CSV file is not that of its day."""


def latest_rows(record: RecordType, files: Mapping[date, bytes]) -> tuple[bytes, int]:
    """Return one CSV with the last row of each key, in the order of the keys, and the rows read.

    Raises UnfitFileError if a file has no header of the record, rows of another day, or a key
    twice.
    """
    header = ",".join(record.schema.column_names()).encode() + b"\n"
    days = sorted(files)
    bodies = [_body(day, files[day], header) for day in days]
    content = b"".join([header, *bodies])
    if content == header:
        return header, 0
    keys = _keys(record, content)
    lines = pl.read_lines(content, name="line")[1:]
    rows = [body.count(b"\n") for body in bodies]
    if not len(keys) == len(lines) == sum(rows):
        raise UnfitFileError(f"a file of {days[0]} to {days[-1]} breaks a line within a row")
    keys = keys.with_columns(file=_repeated(days, rows))
    stray = keys.filter(pl.col(record.partition_column).ne_missing(pl.col("file")))
    if len(stray):
        expected, found = stray.select("file", record.partition_column).row(0)
        raise UnfitFileError(f"the file of {expected} has a row of {found}")
    repeated = keys.filter(keys.select("file", *record.key).is_duplicated())
    if len(repeated):
        expected, *key = repeated.select("file", *record.key).row(0)
        raise UnfitFileError(f"the file of {expected} has {', '.join(map(str, key))} twice")
    chosen = keys.with_row_index().unique(record.key, keep="last").sort(record.key)
    kept = BytesIO()
    kept.write(header)
    lines[chosen["index"]].write_csv(kept, include_header=False, quote_style="never")
    return kept.getvalue(), len(lines)


def _body(day: date, content: bytes, header: bytes) -> bytes:
    """Return a file's lines without the header, each with its end."""
    if not content.startswith(header):
        first = content.partition(b"\n")[0]
        raise UnfitFileError(f"the file of {day} begins with {first[:80]!r}, not the columns")
    body = content[len(header) :]
    return body if body.endswith(b"\n") or not body else body + b"\n"


def _repeated(days: list[date], rows: list[int]) -> pl.Series:
    files = pl.DataFrame({"file": days, "rows": rows})
    return files.select(pl.col("file").repeat_by("rows").explode(empty_as_null=False))["file"]


def _keys(record: RecordType, content: bytes) -> pl.DataFrame:
    """Return the day and the key of each line."""
    columns = [record.partition_column, *record.key]
    types = {name: record.schema.columns()[name].dtype for name in columns}
    try:
        return pl.read_csv(content, columns=columns, schema_overrides=types).select(columns)
    except pl.exceptions.ComputeError as error:
        raise UnfitFileError(f"not a CSV file: {one_line(error)[:200]}") from error
