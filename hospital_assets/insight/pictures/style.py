"""How every picture looks, and how it becomes an SVG or a PNG: light, legible, without a script."""

from datetime import timedelta
from typing import Any

import altair as alt
import polars as pl
import vl_convert

# Altair types what `encode` returns as anything.
Chart = Any

# Told apart by the colour-blind too (Okabe and Ito 2008).
BLUE, ORANGE, GREEN, RED, PURPLE = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7"
PALE, INK, GREY = "#dfe5ea", "#263238", "#66737c"
WIDTH, HEIGHT = 640, 240
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

# Most machines have one of them, and they take up the same room, which is measured here.
_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
# Longer ranges are drawn week by week: the lines are calmer and the files smaller.
_LONGEST_BY_DAY = 100
_CONFIG = {
    "background": None,
    "font": _FONT,
    "padding": {"left": 16, "top": 8, "right": 8, "bottom": 8},
    # Without it each mark repeats its values as a text for screen readers, most of the file.
    "aria": False,
    "view": {"stroke": None},
    "title": {"anchor": "start", "fontSize": 14, "fontWeight": 600, "color": INK, "offset": 10},
    "axis": {
        "gridColor": "#edf0f2",
        "domainColor": "#c5ccd1",
        "tickColor": "#c5ccd1",
        "labelColor": GREY,
        "titleColor": GREY,
        "titleFontWeight": 400,
        "labelFontSize": 11,
        "titleFontSize": 11,
    },
    "legend": {"labelColor": INK, "labelFontSize": 11, "titleColor": GREY, "titleFontSize": 11},
    "header": {"labelColor": INK, "labelFontSize": 12, "labelFontWeight": 600, "title": None},
    "bar": {"discreteBandSize": {"band": 0.8}},
}


def chart(title: str, rows: pl.DataFrame, height: int = HEIGHT) -> alt.Chart:
    """Return a chart of some rows with a title and the usual width."""
    heading = alt.TitleParams(title, anchor="start")
    return alt.Chart(rows, title=heading, width=WIDTH, height=height)


def colours(column: str, of: dict[str, str]) -> alt.Color:
    """Return a column's values in colours of their own, explained above the picture."""
    scale = alt.Scale(domain=list(of), range=list(of.values()))
    return alt.Color(f"{column}:N", scale=scale, legend=alt.Legend(orient="top", title=None))


def step(rows: pl.DataFrame) -> str:
    """Return the length of the steps in which rows by `day` are drawn, for `truncate`."""
    first, last = min(rows["day"]), max(rows["day"])
    return "1d" if last - first < timedelta(days=_LONGEST_BY_DAY) else "1w"


def a_day(rows: pl.DataFrame, *columns: str, by: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the columns' means a day in each step, as `day`; weeks that are cut are left out.

    The rows have each day once for each value of `by`.
    """
    length = step(rows)
    whole = 1 if length == "1d" else 7
    return (
        rows.group_by(pl.col("day").dt.truncate(length).alias("step"), *by)
        .agg(pl.col("day").n_unique().alias("days"), pl.col(columns).sum())
        .filter(pl.col("days") == whole)
        .select(pl.col("step").alias("day"), *by, pl.col(columns) / whole)
        .sort("day", *by)
    )


def svg(picture: Chart) -> str:
    """Return a picture as an SVG file."""
    found: str = vl_convert.vegalite_to_svg(_specification(picture))
    return found


def png(picture: Chart, scale: float) -> bytes:
    """Return a picture as a PNG file, so many times as large as its SVG."""
    found: bytes = vl_convert.vegalite_to_png(_specification(picture), scale=scale)
    return found


def _specification(picture: Chart) -> dict[str, Any]:
    found: dict[str, Any] = picture.to_dict()
    return {**found, "config": _CONFIG}
