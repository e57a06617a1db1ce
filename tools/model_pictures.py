"""Draw the pictures of docs/model.md from the records: `python -m tools.model_pictures`.

It makes the records itself, without any server, and writes an SVG file for each picture.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import altair as alt
import polars as pl

from hospital_assets.configuration.settings import ROOT
from hospital_assets.from_settings import open_hospital
from hospital_assets.insight.pictures import patients
from hospital_assets.insight.pictures.style import (
    BLUE,
    GREEN,
    HEIGHT,
    ORANGE,
    PURPLE,
    RED,
    WEEKDAYS,
    WIDTH,
    Chart,
    chart,
    colours,
)
from tools.model_figures import Figures, figures

FOLDER = ROOT / "docs" / "pictures"

_AGE_BAND = 10
_YOUNGEST_ADULT = 15
_FEWEST_STAYS = 200
_OLDEST_BORN = 1920
_MOST_OF_A_YEAR = 50_000
_DECADES = list(range(_OLDEST_BORN, 2030, 10))
# These pictures need no beds.
_NO_BEDS = pl.DataFrame()


def census(found: Figures) -> Chart:
    """Patients in beds at midnight, day by day."""
    rows = found.census.unpivot(index="day", variable_name="who", value_name="patients")
    rows = rows.with_columns(
        order=pl.col("who") == "covid", who=pl.col("who").replace("covid", "with COVID-19")
    )
    return chart("Patients in beds at midnight", rows).mark_area().encode(
        alt.X("day:T", title=None),
        alt.Y("patients:Q"),
        colours("who", {"with COVID-19": RED, "others": BLUE}),
        alt.Order("order:N", sort="descending"),
    )  # fmt: skip


def weekdays(found: Figures) -> Chart:
    """Admissions by weekday and way."""
    days = found.census.height
    rows = (
        found.admissions.group_by(weekday=pl.col("day").dt.weekday(), way="way")
        .agg(pl.col("len").sum() * 7 / days)
        .with_columns(weekday=pl.lit(pl.Series(WEEKDAYS)).gather(pl.col("weekday") - 1))
    )
    ways = {"emergency": BLUE, "elective": ORANGE, "maternity": GREEN, "newborn": PURPLE}
    return chart("Admissions a day, by weekday", rows).mark_bar().encode(
        alt.X("weekday:O", sort=WEEKDAYS, title=None, axis=alt.Axis(labelAngle=0)),
        alt.Y("len:Q", title="admissions a day"),
        colours("way", ways),
    )  # fmt: skip


def epidemics(found: Figures) -> Chart:
    """Admissions a week for what comes in waves."""
    return patients.epidemics(found.of_records, _NO_BEDS)


def hours(found: Figures) -> Chart:
    """Arrivals by hour, each kind as a share of its day."""
    return patients.hours(found.of_records, _NO_BEDS)


def lengths(found: Figures) -> Chart:
    """Length of stay by illness: the middle half, and the median."""
    return patients.lengths(found.of_records, _NO_BEDS)


def mortality(found: Figures) -> Chart:
    """Stays of adults that end with death, by age and department."""
    adults = found.stays.filter(pl.col("age") >= _YOUNGEST_ADULT)
    everywhere = adults.with_columns(department=pl.lit("all departments"))
    shown = {"Medicine": RED, "Surgery": GREEN, "all departments": BLUE}
    rows = (
        pl.concat([adults, everywhere])
        .filter(pl.col("department").is_in(shown))
        .group_by("department", age=pl.col("age") // _AGE_BAND * _AGE_BAND + _AGE_BAND // 2)
        .agg(pl.len(), died=100 * pl.col("died").mean())
        .filter(pl.col("len") >= _FEWEST_STAYS)
    )
    return chart("Stays of adults that end with death, by age", rows).mark_line(point=True).encode(
        alt.X("age:Q", title="age, in bands of ten years", scale=alt.Scale(domain=[10, 100])),
        alt.Y("died:Q", title="per cent"),
        colours("department", shown),
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
    base = chart("Births a day, and their mean over four weeks", rows).encode(
        alt.X("day:T", title=None)
    )
    daily = base.mark_line(color=BLUE, opacity=0.35, strokeWidth=0.7).encode(alt.Y("births:Q"))
    means = base.mark_line(color=RED, strokeWidth=2).encode(alt.Y("mean:Q", title="births"))
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


def _half_pyramid(people: pl.DataFrame, sex: str) -> Chart:
    rows = people.filter(pl.col("sex") == sex, pl.col("born") >= _OLDEST_BORN)
    is_left = sex == "female"
    return alt.Chart(rows, width=WIDTH // 2 - 20, height=HEIGHT + 60).mark_bar(
        color=ORANGE if is_left else BLUE
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
