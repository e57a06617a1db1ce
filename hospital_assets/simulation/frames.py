"""The rows of some records, by the record's name."""

import polars as pl

Frames = dict[str, pl.DataFrame]
