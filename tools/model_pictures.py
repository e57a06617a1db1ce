"""Draw the pictures of docs/model.md from the records: `python -m tools.model_pictures`.

It makes the records itself, without any server, and writes an SVG file for each picture.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from hospital_assets.configuration.settings import ROOT
from hospital_assets.from_settings import open_hospital
from tools.model_figures import ILLNESSES, Figures, figures

FOLDER = ROOT / "docs" / "pictures"
# Altair types what `encode` returns as anything.
Chart = Any

# Told apart by the colour-blind too (Okabe and Ito 2008).
_BLUE, _ORANGE, _GREEN, _RED, _PURPLE = "#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7"
_WIDTH, _HEIGHT = 640, 240
_WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_EPIDEMICS = ["COVID-19", "Influenza", "Bronchiolitis", "Gastroenteritis"]
_AGE_BAND = 10
_YOUNGEST_ADULT = 15
_FEWEST_STAYS = 200
_OLDEST_BORN = 1920
_MOST_OF_A_YEAR = 50_000
_DECADES = list(range(_OLDEST_BORN, 2030, 10))
_THIRD_HOURS = list(range(0, 25, 3))


def census(found: Figures) -> Chart:
    """Patients in beds at midnight, day by day."""
    rows = found.census.unpivot(index="day", variable_name="who", value_name="patients")
    rows = rows.with_columns(
        order=pl.col("who") == "covid", who=pl.col("who").replace("covid", "with COVID-19")
    )
    return _chart("Patients in beds at midnight", rows).mark_area().encode(
        alt.X("day:T", title=None),
        alt.Y("patients:Q"),
        _colours("who", {"with COVID-19": _RED, "others": _BLUE}),
        alt.Order("order:N", sort="descending"),
    )  # fmt: skip


def weekdays(found: Figures) -> Chart:
    """Admissions by weekday and way."""
    days = found.census.height
    rows = (
        found.admissions.group_by(weekday=pl.col("day").dt.weekday(), way="way")
        .agg(pl.col("len").sum() * 7 / days)
        .with_columns(weekday=pl.lit(pl.Series(_WEEKDAYS)).gather(pl.col("weekday") - 1))
    )
    ways = {"emergency": _BLUE, "elective": _ORANGE, "maternity": _GREEN, "newborn": _PURPLE}
    return _chart("Admissions a day, by weekday", rows).mark_bar().encode(
        alt.X("weekday:O", sort=_WEEKDAYS, title=None, axis=alt.Axis(labelAngle=0)),
        alt.Y("len:Q", title="admissions a day"),
        _colours("way", ways),
    )  # fmt: skip


def epidemics(found: Figures) -> Chart:
    """Admissions a week for what comes in waves."""
    week = pl.col("day").dt.truncate("1w")
    days_of_week = found.census.group_by(week=week).len("days")
    whole = days_of_week.filter(pl.col("days") == 7).select("week")
    every = whole.join(pl.DataFrame({"illness": _EPIDEMICS}), how="cross")
    counts = found.admissions.group_by("illness", week=week).agg(pl.col("len").sum())
    rows = every.join(counts, on=["week", "illness"], how="left").fill_null(0)
    colours = dict(zip(_EPIDEMICS, (_RED, _BLUE, _GREEN, _ORANGE), strict=True))
    return _chart("Admissions a week for four illnesses", rows).mark_line(strokeWidth=1.5).encode(
        alt.X("week:T", title=None),
        alt.Y("len:Q", title="admissions a week"),
        _colours("illness", colours),
    )  # fmt: skip


def hours(found: Figures) -> Chart:
    """Arrivals by hour, each kind as a share of its day."""
    share = 100 * pl.col("len") / pl.col("len").sum().over("kind")
    kinds = {
        "emergency, ill": _BLUE,
        "emergency, injured": _RED,
        "planned admissions": _ORANGE,
        "deliveries": _GREEN,
        "clinics": _PURPLE,
    }
    rows = found.arrivals.with_columns(share=share, hour=pl.col("hour") + 0.5)
    return _chart("Arrivals by hour of the day", rows).mark_line(interpolate="monotone").encode(
        alt.X("hour:Q", scale=alt.Scale(domain=[0, 24]), axis=alt.Axis(values=_THIRD_HOURS)),
        alt.Y("share:Q", title="per cent of the day"),
        _colours("kind", kinds),
    )  # fmt: skip


def lengths(found: Figures) -> Chart:
    """Length of stay by illness: the middle half, and the median."""
    rows = (
        found.stays.drop_nulls("illness")
        .group_by("illness")
        .agg(
            low=pl.col("days").quantile(0.25),
            median=pl.col("days").median(),
            high=pl.col("days").quantile(0.75),
        )
        .sort("median", descending=True)
    )
    order = rows["illness"].to_list()
    base = _chart("Length of stay: median and middle half", rows).encode(
        alt.Y("illness:N", sort=order, title=None)
    )
    halves = base.mark_bar(color=_BLUE, opacity=0.6, height=10).encode(
        alt.X("low:Q", title="days"), alt.X2("high:Q")
    )
    medians = base.mark_tick(color="black", thickness=2, height=14).encode(alt.X("median:Q"))
    return alt.layer(halves, medians).properties(height=22 * len(ILLNESSES))


def mortality(found: Figures) -> Chart:
    """Stays of adults that end with death, by age and department."""
    adults = found.stays.filter(pl.col("age") >= _YOUNGEST_ADULT)
    everywhere = adults.with_columns(department=pl.lit("all departments"))
    shown = {"Medicine": _RED, "Surgery": _GREEN, "all departments": _BLUE}
    rows = (
        pl.concat([adults, everywhere])
        .filter(pl.col("department").is_in(shown))
        .group_by("department", age=pl.col("age") // _AGE_BAND * _AGE_BAND + _AGE_BAND // 2)
        .agg(pl.len(), died=100 * pl.col("died").mean())
        .filter(pl.col("len") >= _FEWEST_STAYS)
    )
    return _chart("Stays of adults that end with death, by age", rows).mark_line(point=True).encode(
        alt.X("age:Q", title="age, in bands of ten years", scale=alt.Scale(domain=[10, 100])),
        alt.Y("died:Q", title="per cent"),
        _colours("department", shown),
    )  # fmt: skip


def pyramid(found: Figures) -> Chart:
    """The people of the city by year of birth and sex."""
    women, men = (_half_pyramid(found.people, sex) for sex in ("female", "male"))
    title = alt.TitleParams("The people of the city, 1 July 2022", anchor="start")
    return alt.hconcat(women, men, spacing=4, title=title)


def births(found: Figures) -> Chart:
    """Births in the hospital day by day, and their mean over four weeks."""
    rows = (
        found.admissions.filter(pl.col("way") == "newborn")
        .group_by("day")
        .agg(births=pl.col("len").sum())
        .sort("day")
        .with_columns(mean=pl.col("births").rolling_mean(28, center=True))
    )
    base = _chart("Births a day, and their mean over four weeks", rows).encode(
        alt.X("day:T", title=None)
    )
    daily = base.mark_line(color=_BLUE, opacity=0.35, strokeWidth=0.7).encode(alt.Y("births:Q"))
    means = base.mark_line(color=_RED, strokeWidth=2).encode(alt.Y("mean:Q", title="births"))
    return alt.layer(daily, means)


PICTURES: tuple[Callable[[Figures], Chart], ...] = (
    census, weekdays, epidemics, hours, lengths, mortality, pyramid, births,
)  # fmt: skip


def draw(found: Figures, folder: Path) -> None:
    """Write every picture, as an SVG file that is named after it."""
    folder.mkdir(parents=True, exist_ok=True)
    for picture in PICTURES:
        chart = picture(found).configure(background="white", font="sans-serif")
        chart.save(folder / f"{picture.__name__}.svg")


def main() -> int:
    """Draw the hospital of the settings; returns the exit code."""
    hospital = open_hospital()
    draw(figures(hospital, hospital.period), FOLDER)
    print(f"wrote {len(PICTURES)} pictures to {FOLDER}")
    return 0


def _chart(title: str, rows: pl.DataFrame) -> alt.Chart:
    heading = alt.TitleParams(title, anchor="start")
    return alt.Chart(rows, title=heading, width=_WIDTH, height=_HEIGHT)


def _colours(column: str, of: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=list(of), range=list(of.values()))
    legend = alt.Legend(orient="top", title=None)
    return alt.Color(f"{column}:N", scale=scale, legend=legend)


def _half_pyramid(people: pl.DataFrame, sex: str) -> Chart:
    rows = people.filter(pl.col("sex") == sex, pl.col("born") >= _OLDEST_BORN)
    is_left = sex == "female"
    return alt.Chart(rows, width=_WIDTH // 2 - 20, height=_HEIGHT + 60).mark_bar(
        color=_ORANGE if is_left else _BLUE
    ).encode(
        alt.X(
            "people:Q",
            title="women" if is_left else "men",
            scale=alt.Scale(reverse=is_left, domain=[0, _MOST_OF_A_YEAR]),
        ),
        alt.Y(
            "born:O",
            sort="descending",
            title="year of birth" if is_left else None,
            axis=alt.Axis(labels=is_left, ticks=is_left, values=_DECADES),
        ),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
