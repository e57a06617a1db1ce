"""The pictures: each is drawn of any days, small enough to be kept, and shows what it should."""

from datetime import date, timedelta

import polars as pl
import pytest

from hospital_assets.insight.figures import Figures
from hospital_assets.insight.scorecard.scoring import MET, MISSED, TOO_FEW_DAYS, Line
from hospital_assets.insight.scorecard.target import Target
from hospital_assets.pictures import beds, patients, roster, scorecard
from hospital_assets.pictures.style import a_day, svg

MOST_BYTES = 100_000
# As many departments with beds as the hospital has, with the longest of their names.
BEDS = pl.DataFrame(
    {"department": [f"Obstetrics and Gynaecology {n}" for n in range(12)], "beds": [10] * 12}
)
DRAWINGS = (
    beds.census, beds.departments, beds.coming_and_going, beds.moves,
    patients.hours, patients.week, patients.epidemics, patients.lengths, patients.pyramid,
    roster.cover, roster.unworked,
)  # fmt: skip


def figures_of(length: int) -> Figures:
    """Return figures of so many days."""
    days = pl.DataFrame({"day": [date(2021, 3, 1) + timedelta(days=n) for n in range(length)]})
    names = ("admissions", "moves_in", "moves_out", "discharges", "deaths", "transfers")
    return {
        "census": days.with_columns(covid=pl.lit(5), others=pl.lit(20)),
        "flow": days.join(BEDS.select("department"), how="cross").with_columns(
            pl.lit(9).alias("census"),
            *(pl.lit(3).alias(name) for name in names)
        ),
        "admissions": days.with_columns(
            way=pl.lit("emergency"), illness=pl.lit("Influenza"), len=pl.lit(4)
        ),
        "arrivals": pl.DataFrame(
            {"weekday": [1, 2], "hour": [8, 9], "kind": ["clinics", "emergency, ill"],
             "len": [4, 9]}
        ),
        "stays": pl.DataFrame({"illness": ["Stroke"] * 9, "days": [1.0 * n for n in range(9)]}),
        "ages": pl.DataFrame(
            {"setting": ["emergency", "inpatient"], "sex": ["female", "male"], "age": [0, 85],
             "len": [2, 3]}
        ),
        "roster": days.with_columns(role=pl.lit("nurse"), len=pl.lit(1)).join(
            pl.DataFrame({"worked_by": ["holder", "reserve", "nobody"]}), how="cross"
        ),
    }  # fmt: skip


@pytest.mark.parametrize("length", [1, 31, 1582])
@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing.__name__)
def test_a_picture_is_small_however_many_days_it_shows(drawing: object, length: int) -> None:
    picture = svg(drawing(figures_of(length), BEDS))  # type: ignore[operator]
    assert picture.startswith("<svg")
    assert len(picture.encode()) < MOST_BYTES
    assert "<script" not in picture


def test_a_long_range_is_drawn_by_whole_weeks() -> None:
    rows = figures_of(200)["census"]
    weeks = a_day(rows, "covid", "others")
    assert len(weeks) == 28
    assert set(weeks["covid"]) == {5.0}
    assert a_day(rows.head(31), "covid")["day"].to_list() == rows["day"].head(31).to_list()


@pytest.mark.parametrize(
    ("low", "high", "values"),
    [
        (2.0, 4.0, {2.0: -1, 3.0: 0, 4.0: 1, 99.0: 3}),
        (None, 4.0, {4.0: 1, 8.0: 2, 0.0: 0}),
        (2.0, None, {2.0: -1, 4.0: 0, 1.0: -1.5}),
        (0.0, 0.0, {0.0: 0, 5.0: 3}),
    ],
)
def test_a_figure_lies_where_its_target_says(
    low: float | None, high: float | None, values: dict[float, float]
) -> None:
    target = Target("beds", "beds taken", "ours", low, high)
    assert {value: scorecard.place(value, target) for value in values} == values


def test_a_theme_shows_its_lines_with_figures_by_their_titles() -> None:
    targets = [Target(name, "the same", "ours", 1.0, 2.0) for name in ("one", "two", "three")]
    lines = [
        Line("stays", target.name, target.title, target.range, "%", "ours", "", *found)
        for target, found in zip(
            targets,
            (
                (1.5, 1.0, 2.0, "normal", MET),
                (5.0, 4.0, 6.0, "normal", MISSED),
                (None, None, None, "", TOO_FEW_DAYS),
            ),
            strict=True,
        )
    ]
    picture = svg(scorecard.theme(lines, targets))
    assert picture.count(">the same<") == 2
    assert "1.5 (1 to 2 %)" in picture
    assert "within chance" in svg(scorecard.overview(lines))
