"""Spans that overlap at one place: what several records' laws look for."""

import polars as pl


def overlapping(spans: pl.DataFrame, place: str | list[str]) -> pl.DataFrame:
    """Return the spans that begin before the one before them at the same place has ended.

    `spans` has `starts` and `ends`, of which a null lasts for ever, and may hold a span only once.
    """
    return (
        spans.sort("starts", "ends", nulls_last=True)
        .with_columns(
            before=pl.col("ends").fill_null(pl.datetime(9999, 1, 1)).cum_max().shift(1).over(place)
        )
        .filter(pl.col("before") > pl.col("starts"))
    )


def latest(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return each thing as its latest day has it."""
    return frame.sort("census_date").unique(key, keep="last", maintain_order=True)


def known_end(ended: str) -> pl.Expr:
    """Return the end of a row's span, or the end of its day while it goes on."""
    end_of_day = pl.col("census_date").cast(pl.Datetime("us")) + pl.duration(days=1)
    return pl.coalesce(ended, end_of_day)
