"""The figures of the hospital over 2023, against those that configs/ gives with their sources.

Five per cent is the rule. Where a department has few cases a year, chance alone moves a mean by
more: there, and only there, three standard errors are allowed.
"""

from math import sqrt

import numpy as np
import polars as pl
import pytest

from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation import Hospital, Parameters
from tests.simulation.year import Year

RULE = 0.05
THIRTY_DAYS = 30 * 1440

IS_INPATIENT = pl.col("encounter_class") == "inpatient"
IS_EMERGENCY = pl.col("encounter_class") == "emergency"
ADMITTED_THROUGH_EMERGENCY = pl.col("admission_source") == "emergency"

# A diagnosis with a season, and one without that is seen in the same departments and ages.
PAIRS = [
    ("J11.1", "A09.9"),
    ("S82.2", "L02.9"),
    ("S52.5", "L02.9"),
    ("T30.0", "L02.9"),
    ("X99.0", "L02.9"),
    ("T52.0", "A09.9"),
    ("T50.9", "A41.9"),
    ("F10.0", "M54.5"),
    ("E43", "A09.9"),
]


def minutes(span: pl.Expr) -> pl.Expr:
    return span.dt.total_minutes()


def assert_near(measured: float, expected: float, standard_error: float = 0.0) -> None:
    """Allow five per cent, or three standard errors where these are more."""
    assert measured == pytest.approx(expected, abs=max(RULE * expected, 3 * standard_error))


def counts(frame: pl.DataFrame, column: pl.Expr, first: int, last: int) -> np.ndarray:
    """Return how often each value of [first, last] occurs."""
    values = frame.select(column.cast(pl.Int64)).to_series().to_numpy()
    return np.bincount(values - first, minlength=last - first + 1)


@pytest.fixture(scope="module")
def parameters(full: Hospital) -> Parameters:
    return full.parameters


@pytest.fixture(scope="module")
def arrivals(year: Year) -> pl.DataFrame:
    """The encounters that begin in the year."""
    return year.encounters.filter(pl.col("admitted_at").dt.year() == year.number)


@pytest.fixture(scope="module")
def attendances(arrivals: pl.DataFrame) -> pl.DataFrame:
    return arrivals.filter(~IS_INPATIENT)


@pytest.fixture(scope="module")
def emergency(arrivals: pl.DataFrame) -> pl.DataFrame:
    """All emergency attendances, those included that end in an admission."""
    return arrivals.filter(IS_EMERGENCY)


@pytest.fixture(scope="module")
def discharges(year: Year) -> pl.DataFrame:
    """The stays in a bed that end in the year, whenever they began."""
    return year.encounters.filter(
        IS_INPATIENT, pl.col("discharged_at").dt.year() == year.number
    ).with_columns(days=minutes(pl.col("discharged_at") - pl.col("admitted_at")) / 1440)


def department_names() -> list[str]:
    """Return the departments with beds."""
    return [one.name for one in load_parameters(ROOT / "configs", "full").departments if one.beds]


@pytest.mark.parametrize("name", department_names())
def test_stays_of_a_department_last_as_long_as_published(
    name: str, discharges: pl.DataFrame, parameters: Parameters
) -> None:
    days = discharges.filter(pl.col("department") == name)["days"].to_numpy()
    expected = next(one for one in parameters.departments if one.name == name).mean_stay_days
    # Ten beds of Palliative make 256 stays a year, whose mean has a standard error of 6 %.
    assert_near(days.mean(), expected, days.std() / sqrt(len(days)))


@pytest.mark.parametrize("name", department_names())
def test_as_many_die_in_a_department_as_planned(
    name: str, discharges: pl.DataFrame, parameters: Parameters
) -> None:
    died = discharges.filter(pl.col("department") == name)["disposition"] == "died"
    share = next(one for one in parameters.departments if one.name == name).mortality
    assert_near(died.mean(), share, sqrt(share * (1 - share) / len(died)))


@pytest.mark.parametrize("name", department_names())
def test_as_many_come_through_the_emergency_department_as_planned(
    name: str, arrivals: pl.DataFrame, parameters: Parameters
) -> None:
    admissions = arrivals.filter(IS_INPATIENT, pl.col("department") == name)
    share = next(one for one in parameters.departments if one.name == name).emergency_share
    measured = admissions.select(ADMITTED_THROUGH_EMERGENCY.mean()).item()
    assert_near(measured, share, sqrt(share * (1 - share) / len(admissions)))


def test_the_stays_of_the_hospital_have_the_published_mean_and_deviation(
    discharges: pl.DataFrame,
) -> None:
    assert_near(discharges["days"].mean(), 4.5)
    assert_near(discharges["days"].std(), 6.6)


def test_the_median_stay_in_the_icu_is_the_published_one(discharges: pl.DataFrame) -> None:
    assert_near(discharges.filter(pl.col("department") == "ICU")["days"].median(), 1.8)


def test_mortality_is_the_published_one(discharges: pl.DataFrame) -> None:
    died = discharges.with_columns(died=pl.col("disposition") == "died")
    assert_near(died["died"].mean(), 0.021)
    assert_near(died.filter(pl.col("department") == "ICU")["died"].mean(), 0.117)


def test_patients_leave_at_the_published_hours(discharges: pl.DataFrame) -> None:
    minute = discharges["discharged_at"].dt.epoch("s") // 60 % 1440
    assert_near((minute < 12 * 60).mean(), 0.13)
    assert_near((minute < 15 * 60).mean(), 0.42)
    assert_near(minute.median(), 15 * 60)


def test_one_discharge_in_seven_is_back_within_30_days(year: Year) -> None:
    """Of the discharges up to November, of which the year shows what follows."""
    stays = year.encounters.filter(IS_INPATIENT).sort("person_id", "admitted_at")
    home = pl.col("admitted_at").shift(-1).over("person_id") - pl.col("discharged_at")
    back = stays.with_columns(back=(minutes(home) <= THIRTY_DAYS).fill_null(False)).filter(
        pl.col("discharged_at").dt.year() == year.number, pl.col("discharged_at").dt.month() <= 11
    )["back"]
    assert_near(back.mean(), 0.138)


def test_the_beds_are_as_full_as_published(year: Year, parameters: Parameters) -> None:
    occupancy = year.census / sum(one.beds for one in parameters.departments)
    assert len(occupancy) == 365
    assert_near(occupancy.mean(), 0.88)
    assert occupancy.max() <= 0.92


def test_emergency_arrivals_follow_the_hour(
    emergency: pl.DataFrame, parameters: Parameters
) -> None:
    share = counts(emergency, pl.col("admitted_at").dt.hour(), 0, 23) / len(emergency)
    published = np.array(parameters.attendances.emergency_by_hour)
    assert share == pytest.approx(published / published.sum(), rel=RULE)
    assert share.argmin() == 5
    assert share.argmax() in range(10, 16)


def test_attendances_follow_the_weekday(
    attendances: pl.DataFrame, year: Year, parameters: Parameters
) -> None:
    every_day = pl.date_range(
        pl.date(year.number, 1, 1), pl.date(year.number, 12, 31), eager=True
    ).to_frame("day")
    days = counts(every_day, pl.col("day").dt.weekday(), 1, 7)
    a_day = counts(attendances, pl.col("admitted_at").dt.weekday(), 1, 7) / days
    published = np.array(parameters.attendances.by_weekday)
    assert a_day / a_day.mean() == pytest.approx(published / published.mean(), rel=RULE)
    assert a_day.argmax() == 0


def test_attendances_are_as_many_as_planned(
    attendances: pl.DataFrame, emergency: pl.DataFrame, parameters: Parameters
) -> None:
    rules = parameters.attendances
    by_day = attendances.group_by(pl.col("admitted_at").dt.date()).len()["len"]
    assert_near(by_day.mean(), rules.mean_per_day)
    assert by_day.min() >= rules.minimum_per_day
    assert by_day.max() <= rules.maximum_per_day
    assert_near(len(emergency) / len(attendances), rules.emergency_share)


def test_seven_admissions_in_ten_are_emergencies(
    arrivals: pl.DataFrame, attendances: pl.DataFrame
) -> None:
    admissions = arrivals.filter(IS_INPATIENT)
    through = admissions.select(ADMITTED_THROUGH_EMERGENCY.sum()).item()
    assert_near(through / len(admissions), 0.70)
    assert_near(through / len(attendances), 0.14)


def test_the_admitted_wait_in_the_emergency_department_as_published(
    emergency: pl.DataFrame,
) -> None:
    wait = emergency.filter(pl.col("disposition") == "admitted").select(
        minutes(pl.col("discharged_at") - pl.col("admitted_at"))
    )
    for quantile, published in ((0.25, 185), (0.5, 234), (0.75, 342)):
        assert_near(wait.quantile(quantile).item(), published)


@pytest.mark.parametrize(("seasonal", "other"), PAIRS)
def test_a_season_makes_its_diagnoses_more_frequent_by_its_factor(
    seasonal: str, other: str, arrivals: pl.DataFrame, parameters: Parameters
) -> None:
    """Against a diagnosis without season, among the patients who could have either."""
    diagnosis = next(one for one in parameters.diagnoses if one.code == seasonal)
    season = next(one for one in parameters.seasons if one.name == diagnosis.season)
    could_have = arrivals.filter(
        pl.col("age_years").is_between(diagnosis.min_age, diagnosis.max_age),
        pl.col("diagnosis_code").is_in([seasonal, other]),
    )
    is_seasonal = pl.col("diagnosis_code") == seasonal
    in_season = pl.col("admitted_at").dt.month().is_in(list(season.months))
    table = [
        could_have.filter(time, which).height
        for time in (in_season, ~in_season)
        for which in (is_seasonal, ~is_seasonal)
    ]
    odds = table[0] / table[1] / (table[2] / table[3])
    assert_near(odds, season.factor, season.factor * sqrt(sum(1 / count for count in table)))


def test_every_season_is_looked_at(parameters: Parameters) -> None:
    seasons = {one.code: one.season for one in parameters.diagnoses}
    assert {seasons[code] for code, _ in PAIRS} == {season.name for season in parameters.seasons}
    assert {seasons[code] for _, code in PAIRS} == {None}


def test_the_ill_are_triaged_more_urgently(emergency: pl.DataFrame, parameters: Parameters) -> None:
    colours = ["red", "orange", "yellow", "green"]
    rules = parameters.attendances
    for admitted, shares in ((True, rules.triage_admitted), (False, rules.triage_discharged)):
        triage = emergency.filter((pl.col("disposition") == "admitted") == admitted)["triage"]
        measured = [(triage == colour).mean() for colour in colours]
        assert measured == pytest.approx(np.array(shares) / sum(shares), rel=RULE)
