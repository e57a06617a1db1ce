"""Pictures of the beds: who lies in them, who comes and goes."""

import altair as alt
import polars as pl

from hospital_assets.insight.figures import Figures
from hospital_assets.insight.pictures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    Chart,
    a_day,
    chart,
    colours,
)

_COLUMNS = 4


def census(found: Figures, _: pl.DataFrame) -> Chart:
    """Patients in beds at midnight, with COVID-19 and without."""
    rows = (
        a_day(found["census"], "covid", "others")
        .unpivot(index="day", variable_name="who", value_name="patients")
        .with_columns(
            order=pl.col("who") == "covid", who=pl.col("who").replace("covid", "with COVID-19")
        )
    )
    return chart("Patients in beds at midnight", rows).mark_area().encode(
        alt.X("day:T", title=None),
        alt.Y("patients:Q"),
        colours("who", {"with COVID-19": RED, "others": BLUE}),
        alt.Order("order:N", sort="descending"),
    )  # fmt: skip


def departments(found: Figures, beds: pl.DataFrame) -> Chart:
    """Each department's beds that are taken at midnight, out of its own."""
    taken = 100 * pl.col("census") / pl.col("beds")
    rows = (
        a_day(found["flow"], "census", by=("department",))
        .join(beds, on="department")
        .select("day", "department", taken=taken)
    )
    names = beds["department"].to_list()
    lines = (
        alt.Chart(rows)
        .mark_line(color=BLUE, strokeWidth=1.2)
        .encode(
            alt.X("day:T", title=None, axis=alt.Axis(tickCount=2)),
            alt.Y("taken:Q", title=None, scale=alt.Scale(zero=True), axis=alt.Axis(tickCount=4)),
        )
    )
    full = alt.Chart(rows).mark_rule(color=ORANGE, strokeDash=[3, 3]).encode(y=alt.datum(100))
    panels = alt.layer(lines, full, data=rows).properties(width=140, height=76)
    title = alt.TitleParams("Beds taken at midnight, per cent of the department's", anchor="start")
    return panels.facet(
        alt.Facet("department:N", sort=names, title=None, header=alt.Header(labelFontSize=11)),
        columns=_COLUMNS,
        title=title,
        spacing=14,
    )


def coming_and_going(found: Figures, _: pl.DataFrame) -> Chart:
    """Admissions and discharges of the whole hospital a day."""
    daily = found["flow"].group_by("day").agg(pl.col("admissions", "discharges", "deaths").sum())
    rows = a_day(daily, "admissions", "discharges", "deaths").unpivot(
        index="day", variable_name="what", value_name="patients"
    )
    names = {"admissions": BLUE, "discharges": GREEN, "deaths": RED}
    return chart("Admissions, discharges and deaths a day", rows).mark_line().encode(
        alt.X("day:T", title=None), alt.Y("patients:Q", title="a day"), colours("what", names)
    )  # fmt: skip


def moves(found: Figures, beds: pl.DataFrame) -> Chart:
    """Moves between departments and transfers to other facilities, by department."""
    days = found["flow"]["day"].n_unique()
    names = {
        "moved in": ("moves_in", BLUE),
        "moved out": ("moves_out", GREY),
        "transferred": ("transfers", PURPLE),
    }
    rows = (
        found["flow"]
        .group_by("department")
        .agg(**{what: pl.col(column).sum() / days for what, (column, _) in names.items()})
        .join(beds, on="department", how="semi")
        .unpivot(index="department", variable_name="what", value_name="patients")
        .sort("department", "what")
    )
    base = chart("Moves and transfers a day, by department", rows, 22 * len(beds))
    return base.mark_bar().encode(
        alt.Y("department:N", sort=beds["department"].to_list(), title=None),
        alt.X("patients:Q", title="patients a day"),
        colours("what", {what: colour for what, (_, colour) in names.items()}),
        alt.YOffset("what:N", sort=list(names)),
    )  # fmt: skip
