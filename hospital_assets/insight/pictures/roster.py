"""Pictures of the roster: which of the planned shifts are worked, and by whom."""

import altair as alt
import polars as pl

from hospital_assets.insight.figures import Figures
from hospital_assets.insight.pictures.style import (
    BLUE,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    RED,
    Chart,
    a_day,
    chart,
    colours,
)

WORKED_BY = {"holder": PALE, "reserve": BLUE, "nobody": RED}
_ROLES = {
    "doctor": RED,
    "nurse": BLUE,
    "allied_health": GREEN,
    "administration": PURPLE,
    "support": ORANGE,
}


def cover(found: Figures, _: pl.DataFrame) -> Chart:
    """Planned shifts by role: worked by the post's holder, by the reserve, or by nobody."""
    rows = (
        found["roster"]
        .group_by("role", "worked_by")
        .agg(pl.col("len").sum())
        .with_columns(
            share=100 * pl.col("len") / pl.col("len").sum().over("role"),
            order=pl.col("worked_by").replace_strict({"holder": 0, "reserve": 1, "nobody": 2}),
            role=pl.col("role").str.replace("_", " "),
        )
        .sort("role", "order")
    )
    roles = [role.replace("_", " ") for role in _ROLES]
    return chart("Who works the planned shifts", rows, 30 * len(roles)).mark_bar().encode(
        alt.Y("role:N", sort=roles, title=None),
        alt.X("share:Q", title="per cent of the planned shifts", scale=alt.Scale(domain=[0, 100])),
        colours("worked_by", WORKED_BY),
        alt.Order("order:O"),
    )  # fmt: skip


def unworked(found: Figures, _: pl.DataFrame) -> Chart:
    """Planned shifts that nobody works, day by day, by role."""
    nobody = pl.col("len").filter(pl.col("worked_by") == "nobody").sum()
    daily = (
        found["roster"].group_by("day", "role").agg(planned=pl.col("len").sum(), unworked=nobody)
    )
    rows = a_day(daily, "planned", "unworked", by=("role",)).with_columns(
        share=100 * pl.col("unworked") / pl.col("planned"),
        role=pl.col("role").str.replace("_", " "),
    )
    names = {role.replace("_", " "): colour for role, colour in _ROLES.items()}
    return chart("Planned shifts that nobody works", rows).mark_line(strokeWidth=1.3).encode(
        alt.X("day:T", title=None),
        alt.Y("share:Q", title="per cent of the planned shifts"),
        colours("role", names),
    )  # fmt: skip
