"""Pictures of the patients: when they come, how old they are, with what, and for how long."""

import altair as alt
import polars as pl

from hospital_assets.insight.figures import AGE_BAND, ILLNESSES, OLDEST_BAND, SETTINGS, Figures
from hospital_assets.insight.pictures.style import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    WEEKDAYS,
    WIDTH,
    Chart,
    a_day,
    chart,
    colours,
    step,
)

EPIDEMICS = {"COVID-19": RED, "Influenza": BLUE, "Bronchiolitis": GREEN, "Gastroenteritis": ORANGE}
KINDS = {
    "emergency, ill": BLUE,
    "emergency, injured": RED,
    "planned admissions": ORANGE,
    "deliveries": GREEN,
    "clinics": PURPLE,
}
_THIRD_HOURS = list(range(0, 25, 3))
_FEWEST_STAYS = 5
_SHADES = ["#eef4f8", "#c3dbea", "#87b8d8", "#4394c5", BLUE]


def hours(found: Figures, _: pl.DataFrame) -> Chart:
    """Arrivals by hour, each kind as a share of its day."""
    rows = (
        found["arrivals"]
        .group_by("hour", "kind")
        .agg(pl.col("len").sum())
        .with_columns(
            share=100 * pl.col("len") / pl.col("len").sum().over("kind"), hour=pl.col("hour") + 0.5
        )
        .sort("kind", "hour")
    )
    return chart("Arrivals by hour of the day", rows).mark_line(interpolate="monotone").encode(
        alt.X("hour:Q", scale=alt.Scale(domain=[0, 24]), axis=alt.Axis(values=_THIRD_HOURS)),
        alt.Y("share:Q", title="per cent of the day"),
        colours("kind", KINDS),
    )  # fmt: skip


def week(found: Figures, _: pl.DataFrame) -> Chart:
    """Arrivals in the emergency department and in clinics by weekday and hour."""
    emergency = pl.col("kind").str.starts_with("emergency")
    where = pl.when(emergency).then(pl.lit("Emergency department")).otherwise(pl.lit("Clinics"))
    rows = (
        found["arrivals"]
        .filter(emergency | (pl.col("kind") == "clinics"))
        .group_by("weekday", "hour", where=where)
        .agg(pl.col("len").sum())
        .with_columns(
            share=100 * pl.col("len") / pl.col("len").max().over("where"),
            weekday=pl.lit(pl.Series(WEEKDAYS)).gather(pl.col("weekday") - 1),
        )
        .sort("where", "weekday", "hour")
    )
    cells = (
        alt.Chart(rows)
        .mark_rect()
        .encode(
            alt.X("hour:O", title="hour", axis=alt.Axis(values=_THIRD_HOURS, labelAngle=0)),
            alt.Y("weekday:O", sort=WEEKDAYS, title=None),
            alt.Color(
                "share:Q",
                scale=alt.Scale(type="quantize", domain=[0, 100], range=_SHADES),
                legend=alt.Legend(title="per cent of the busiest hour", orient="top"),
            ),
        )
        .properties(width=WIDTH // 2 - 40, height=150)
    )
    title = alt.TitleParams("Arrivals by weekday and hour", anchor="start")
    return cells.facet(
        alt.Facet("where:N", sort="descending", title=None), columns=2, title=title
    ).resolve_axis(y="shared")


def epidemics(found: Figures, _: pl.DataFrame) -> Chart:
    """Admissions for what comes in waves, by week or, of a short range, by day."""
    rows = found["admissions"].filter(pl.col("illness").is_in(list(EPIDEMICS)))
    days = found["admissions"].select(pl.col("day").unique())
    every = days.join(pl.DataFrame({"illness": list(EPIDEMICS)}), how="cross")
    counts = rows.group_by("day", "illness").agg(pl.col("len").sum().alias("stays"))
    daily = every.join(counts, on=["day", "illness"], how="left").fill_null(0)
    length = "week" if step(daily) == "1w" else "day"
    drawn = a_day(daily, "stays", by=("illness",)).with_columns(
        pl.col("stays") * (7 if length == "week" else 1)
    )
    base = chart(f"Admissions a {length} for four illnesses", drawn)
    return base.mark_line(strokeWidth=1.5).encode(
        alt.X("day:T", title=None),
        alt.Y("stays:Q", title=f"admissions a {length}"),
        colours("illness", EPIDEMICS),
    )  # fmt: skip


def lengths(found: Figures, _: pl.DataFrame) -> Chart:
    """Length of stay by illness: the middle half, and the median."""
    rows = (
        found["stays"]
        .drop_nulls("illness")
        .group_by("illness")
        .agg(
            pl.len(),
            low=pl.col("days").quantile(0.25),
            median=pl.col("days").median(),
            high=pl.col("days").quantile(0.75),
        )
        .filter(pl.col("len") >= _FEWEST_STAYS)
        .sort("median", "illness", descending=True)
    )
    base = chart("Length of stay: median and middle half", rows, 22 * len(ILLNESSES)).encode(
        alt.Y("illness:N", sort=rows["illness"].to_list(), title=None)
    )
    halves = base.mark_bar(color=BLUE, opacity=0.6, height=10).encode(
        alt.X("low:Q", title="days"), alt.X2("high:Q")
    )
    medians = base.mark_tick(color="black", thickness=2, height=14).encode(alt.X("median:Q"))
    return alt.layer(halves, medians)


def pyramid(found: Figures, _: pl.DataFrame) -> Chart:
    """Who comes, by age, sex and setting: women to the left, men to the right."""
    counts = (
        found["ages"]
        .group_by("setting", "sex", "age")
        .agg(pl.col("len").sum())
        .sort("age", "setting")
    )
    widest = max(counts.group_by("sex", "age").agg(pl.col("len").sum())["len"])
    halves = (_half(counts, sex, widest) for sex in ("female", "male"))
    title = alt.TitleParams("Patients by age and setting", anchor="start")
    return alt.hconcat(*halves, spacing=4, title=title)


def _half(counts: pl.DataFrame, sex: str, widest: int) -> Chart:
    is_left = sex == "female"
    bands = list(range(0, OLDEST_BAND + 1, AGE_BAND))
    names = {age: f"{age}+" if age == OLDEST_BAND else f"{age}-{age + 4}" for age in bands}
    rows = counts.filter(pl.col("sex") == sex).with_columns(
        band=pl.col("age").replace_strict(names, return_dtype=pl.String)
    )
    return alt.Chart(rows, width=WIDTH // 2 - 30, height=300).mark_bar().encode(
        alt.X(
            "len:Q",
            title="women, encounters" if is_left else "men, encounters",
            scale=alt.Scale(reverse=is_left, domain=[0, widest]),
            axis=alt.Axis(tickCount=4),
        ),
        alt.Y(
            "band:O",
            sort=[names[age] for age in reversed(bands)],
            title=None,
            axis=alt.Axis(labels=is_left, ticks=is_left),
        ),
        colours("setting", dict(zip(SETTINGS, (ORANGE, PURPLE, BLUE), strict=True))),
    )  # fmt: skip
