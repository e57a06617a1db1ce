"""The scorecard: each target has a line, and a figure where the days suffice for it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.scorecard_targets import load_targets
from hospital_assets.configuration.settings import ROOT
from hospital_assets.insight import scorecard
from hospital_assets.insight.scorecard.evidence import Collector, Evidence, Facts
from hospital_assets.insight.scorecard.measured import Measured
from hospital_assets.insight.scorecard.scoring import (
    CHANCE,
    MET,
    MISSED,
    THEMES,
    TOO_FEW_DAYS,
    Line,
    complaint,
    score,
)
from hospital_assets.insight.scorecard.scoring import _verdict as verdict
from hospital_assets.insight.scorecard.target import Target, Targets
from hospital_assets.registry import RECORD_TYPES, STREAMED, make_extracts
from hospital_assets.simulation import Frames, Hospital
from tests.hospitals import small_hospital
from tests.listed_values import listed_values, unknown_values

DAYS = Period(date(2023, 3, 1), date(2023, 4, 30))
HALVES = (Period(date(2023, 3, 1), date(2023, 3, 31)), Period(date(2023, 4, 1), date(2023, 4, 30)))
# They look at more days than these, or at years that are not among them.
LONGER = {
    "household_size", "deaths_2021_to_2023", "back_in_365_days_medicine", "christmas_census",
    "christmas_planned", "covid_january_2021", "covid_july_2021", "covid_october_2021",
    "covid_december_2021", "covid_july_2023", "influenza_season", "influenza_2021",
    "bronchiolitis_season", "burns_in_winter", "gastroenteritis_season", "alcohol_bans",
    "frequent_attenders", "visits_of_frequent_attenders", "transferred_come_back",
    "clinic_after_discharge", "sepsis_against_hypertension",
}  # fmt: skip


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return small_hospital()


@pytest.fixture(scope="module")
def targets() -> Targets:
    return load_targets(ROOT / "configs")


@pytest.fixture(scope="module")
def frames(hospital: Hospital) -> Frames:
    """All records of two months."""
    made = make_extracts(hospital, DAYS)
    return made | {row.name: row.rows(hospital, DAYS, made) for row in STREAMED}


def collected(
    hospital: Hospital, targets: Targets, parts: Iterable[tuple[Period, Frames]]
) -> Evidence:
    collector = Collector(Facts.of(hospital.parameters, targets.public_holidays))
    for days, frames in parts:
        collector.add(days, frames)
    return collector.evidence()


def of_days(frames: Frames, days: Period) -> Frames:
    columns = {record.name: record.partition_column for record in RECORD_TYPES}
    return {
        name: frame.filter(frame[columns[name]].is_between(days.first_day, days.last_day))
        for name, frame in frames.items()
    }


@pytest.fixture(scope="module")
def lines(hospital: Hospital, targets: Targets, frames: Frames) -> list[Line]:
    """The scorecard of two months, looked at one after the other."""
    parts = ((half, of_days(frames, half)) for half in HALVES)
    return score(collected(hospital, targets, parts), targets)


def test_every_target_has_a_line(lines: list[Line], targets: Targets) -> None:
    assert [line.name for line in lines] == [
        target.name for theme in THEMES for target in targets.targets[theme]
    ]


def test_every_line_has_a_figure_but_those_that_look_at_more_days(lines: list[Line]) -> None:
    without_figure = {line.name for line in lines if line.verdict == TOO_FEW_DAYS}
    assert without_figure <= LONGER
    for line in lines:
        assert (line.value is None) == (line.verdict == TOO_FEW_DAYS), line
        if line.value is not None:
            assert line.low is not None
            assert line.high is not None
            assert line.low <= line.value <= line.high, line


def test_measures_compare_with_values_that_contracts_list() -> None:
    for file in Path(scorecard.__file__).parent.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        compared = r'(?:pl\.col|_IS)\("{column}"\)(?:\.cast\(pl\.String\))?\s*(?:[=!]=|\.is_in\()'
        assert unknown_values(source, compared, listed_values()) == [], file.name


def test_the_lines_are_the_same_however_the_days_are_cut(
    hospital: Hospital, targets: Targets, frames: Frames, lines: list[Line]
) -> None:
    whole = score(collected(hospital, targets, [(DAYS, frames)]), targets)
    # Grades are those of the last part.
    differing = {
        one.name
        for one, other in zip(whole, lines, strict=True)
        if one != other and not one.name.startswith(("doctors_", "nurses_"))
    }
    assert differing == set()


def test_a_stay_counts_for_the_department_that_admitted_it(
    hospital: Hospital, targets: Targets, frames: Frames
) -> None:
    first, second = (of_days(frames, half) for half in HALVES)
    moved = second | {"patients": second["patients"].with_columns(department=pl.lit("Elsewhere"))}
    evidence = collected(hospital, targets, zip(HALVES, (first, moved), strict=True))
    began = pl.col("admitted_at").dt.date() <= HALVES[0].last_day
    stays = evidence.stays.filter(pl.col("discharged_at").dt.date() > HALVES[0].last_day)
    departments = stays.filter(began)["department"].cast(pl.String).unique().to_list()
    assert departments
    assert "Elsewhere" not in departments
    assert stays.filter(~began)["department"].cast(pl.String).unique().to_list() == ["Elsewhere"]


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (10, 9, 11, MET),
        (12, 11.5, 12.5, MISSED),
        (12, 10.5, 13.5, CHANCE),
        (4, 2, 5.5, CHANCE),
        (4, 3, 4.9, MISSED),
    ],
)
def test_a_figure_is_met_within_chance_or_missed(
    value: float, low: float, high: float, expected: str
) -> None:
    target = Target("a", "A", "ours", low=5, high=11)
    assert verdict(target, Measured(value, low, high, "")) == expected


def test_an_open_end_is_never_missed() -> None:
    assert verdict(Target("a", "A", "ours", low=5), Measured(10**6, 10**6, 10**6, "")) == MET
    assert verdict(Target("a", "A", "ours", high=5), Measured(-5, -5, -5, "")) == MET


def test_targets_and_measures_belong_together(targets: Targets) -> None:
    assert complaint(targets) == ""
    first = targets.targets["moves"][0]
    without = replace(targets, targets=targets.targets | {"moves": targets.targets["moves"][1:]})
    assert complaint(without) == f"targets.moves: expected a target for {first.name}"
    strange = replace(first, name="moved_by_night")
    more = replace(
        targets, targets=targets.targets | {"moves": (*targets.targets["moves"], strange)}
    )
    assert complaint(more) == "targets.moves: nothing measures moved_by_night"
    other = replace(targets, targets=targets.targets | {"weather": (strange,)})
    assert complaint(other).startswith("targets.weather: expected one of people, staff")
