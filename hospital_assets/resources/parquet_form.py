"""The Parquet form of a record."""

from io import BytesIO

import polars as pl


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """One Parquet file, zstd, the same bytes for the same rows."""
    # A slice of a longer frame keeps that frame's chunks, and chunks would become pages.
    buffer = BytesIO()
    frame.rechunk().write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
