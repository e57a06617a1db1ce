"""The latest row of each key in the CSV files of several days. Pure."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from hospital_assets.contracts import RecordType


class UnfitFileError(ValueError):
    """A CSV file is not that of its day."""


def latest_rows(record: RecordType, files: Mapping[date, bytes]) -> tuple[bytes, int]:
    """Return one CSV with the last row of each key, in the order of the keys, and the rows read.

    Raises UnfitFileError if a file has no header of the record, rows of another day, or a key
    twice.
    """
    header = ",".join(record.schema.column_names()).encode()
    lines: list[bytes] = []
    file_days: list[pl.Series] = []
    for day in sorted(files):
        first, _, body = files[day].partition(b"\n")
        if first != header:
            raise UnfitFileError(f"the file of {day} begins with {first[:80]!r}, not the columns")
        rows = body.splitlines()
        lines += rows
        file_days.append(pl.repeat(day, len(rows), dtype=pl.Date, eager=True))
    if not lines:
        return header + b"\n", 0
    keys = _keys(record, header, lines).with_columns(file=pl.concat(file_days))
    stray = keys.filter(pl.col(record.partition_column).ne_missing(pl.col("file")))
    if len(stray):
        expected, found = stray.select("file", record.partition_column).row(0)
        raise UnfitFileError(f"the file of {expected} has a row of {found}")
    repeated = keys.filter(keys.select("file", *record.key).is_duplicated())
    if len(repeated):
        expected, *key = repeated.select("file", *record.key).row(0)
        raise UnfitFileError(f"the file of {expected} has {', '.join(map(str, key))} twice")
    chosen = keys.with_row_index().unique(record.key, keep="last").sort(record.key)
    kept = [header, *[lines[index] for index in chosen["index"].to_list()]]
    return b"\n".join(kept) + b"\n", len(lines)


def _keys(record: RecordType, header: bytes, lines: list[bytes]) -> pl.DataFrame:
    """Return the day and the key of each line."""
    columns = [record.partition_column, *record.key]
    types = {name: record.schema.columns()[name].dtype for name in columns}
    try:
        return pl.read_csv(
            b"\n".join([header, *lines]), columns=columns, schema_overrides=types
        ).select(columns)
    except pl.exceptions.ComputeError as error:
        raise UnfitFileError(f"not a CSV file: {' '.join(str(error).split())[:200]}") from error
