"""The pressure of a day."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from hospital_assets.simulation.dates import day_number, weekday
from hospital_assets.simulation.holidays import is_holiday
from hospital_assets.simulation.stays.pressure import ONE, Pressure, pressure
from tests.simulation.stays import stay_files

FIRST, DAYS = day_number(date(2020, 6, 1)), 1_800
RULES = stay_files.rules("full")
CALM = replace(RULES.pressure, common_deviation=0.0, own_deviation=0.0)
NAMES = [family.name for family in RULES.pressure.families]


def over(first: int, days: int, seed: int = 1) -> Pressure:
    return pressure(seed, RULES.pressure, RULES.holidays, first, days)


@pytest.fixture(scope="module")
def all_days() -> Pressure:
    return over(FIRST, DAYS)


@pytest.fixture(scope="module")
def without_noise() -> Pressure:
    return pressure(1, CALM, RULES.holidays, FIRST, DAYS)


def mean(one: Pressure, family: str, first: date, last: date) -> float:
    """Return the mean intensity of a family in a span of days, 1 on an ordinary day."""
    start, end = day_number(first) - one.first_day, day_number(last) - one.first_day
    return float(one.emergency[NAMES.index(family), start:end].mean()) / ONE


def test_a_day_is_the_same_in_any_range(all_days: Pressure) -> None:
    for start, days in ((0, 1), (700, 1), (1_799, 1), (400, 365)):
        part = over(FIRST + start, days)
        assert np.array_equal(part.emergency, all_days.emergency[:, start : start + days])
        assert np.array_equal(part.planned, all_days.planned[start : start + days])
        assert np.array_equal(part.crowding, all_days.crowding[start : start + days])


def test_seeds_differ_in_chance_alone(all_days: Pressure) -> None:
    other = over(FIRST, DAYS, seed=2)
    assert not np.array_equal(other.emergency, all_days.emergency)
    assert np.array_equal(other.planned, all_days.planned)


def test_nothing_is_planned_on_weekends_and_holidays(all_days: Pressure) -> None:
    days = np.arange(FIRST, FIRST + DAYS)
    closed = (weekday(days) >= 5) | is_holiday(RULES.holidays, days)
    assert np.array_equal(all_days.works_on(days), ~closed)
    assert not all_days.planned[closed].any()
    assert all_days.planned[~closed].all()


def test_planned_operations_nearly_stop_at_christmas(all_days: Pressure) -> None:
    december = day_number(date(2023, 12, 18)) - FIRST
    november = day_number(date(2023, 11, 6)) - FIRST
    at_christmas = all_days.planned[december : december + 14].sum()
    assert at_christmas < 0.25 * all_days.planned[november : november + 14].sum()


def test_covid_comes_in_its_four_waves(without_noise: Pressure) -> None:
    covid = without_noise.emergency[NAMES.index("covid")]
    inner = (covid[1:-1] > covid[:-2]) & (covid[1:-1] >= covid[2:]) & (covid[1:-1] > ONE // 8)
    peaks = np.flatnonzero(inner) + 1
    stated = [day_number(wave.peak) for wave in RULES.pressure.covid_waves]
    # The tail of the wave before may move a peak by a day.
    assert (peaks + FIRST).tolist() == pytest.approx(stated, abs=1)
    assert covid[-1] < ONE // 16


def test_others_stay_away_while_a_wave_runs(without_noise: Pressure) -> None:
    wave = (date(2021, 7, 1), date(2021, 7, 15))
    year_on = (date(2023, 7, 1), date(2023, 7, 15))
    for family in ("minor", "accident", "assault"):
        assert mean(without_noise, family, *wave) < 0.75 * mean(without_noise, family, *year_on)
    assert mean(without_noise, "delivery", *wave) > 0.95


def test_influenza_and_rsv_come_late_and_low_under_restrictions(without_noise: Pressure) -> None:
    winter = (date(2023, 6, 15), date(2023, 7, 15))
    summer = (date(2023, 1, 1), date(2023, 2, 1))
    assert mean(without_noise, "respiratory", *winter) > 1.7 * mean(
        without_noise, "respiratory", *summer
    )
    autumn, restricted = ((date(year, 3, 25), date(year, 4, 25)) for year in (2023, 2021))
    assert mean(without_noise, "bronchiolitis", *restricted) < 0.7 * mean(
        without_noise, "bronchiolitis", *autumn
    )


def test_trauma_is_of_weekends_and_most_of_those_at_month_ends(without_noise: Pressure) -> None:
    days = np.arange(day_number(date(2023, 1, 16)), day_number(date(2023, 11, 1)))
    assaults = without_noise.emergency[NAMES.index("assault"), days - FIRST] / ONE
    weekend, dates = weekday(days) >= 5, days.astype("M8[D]")
    left = ((dates.astype("M8[M]") + 1).astype("M8[D]") - dates).astype(int)
    month_end = weekend & (left <= 7)
    assert assaults[weekend].mean() > 1.6 * assaults[~weekend].mean()
    assert assaults[month_end].mean() > 1.2 * assaults[weekend & ~month_end].mean()


def test_noise_remembers_the_days_before(all_days: Pressure, without_noise: Pressure) -> None:
    row = NAMES.index("minor")
    noise = np.log(all_days.emergency[row] / without_noise.emergency[row])
    noise = noise - noise.mean()
    one_day, ten_days = (
        float((noise[lag:] * noise[:-lag]).mean() / noise.var()) for lag in (1, 10)
    )
    assert one_day == pytest.approx(RULES.pressure.memory, abs=0.05)
    assert abs(ten_days) < 0.25
    assert noise.std() == pytest.approx(0.093, rel=0.2)


def test_families_share_some_noise_and_none_follows_another(
    all_days: Pressure, without_noise: Pressure
) -> None:
    rows = [NAMES.index(name) for name in ("minor", "heart", "infection", "other")]
    noise = np.log(all_days.emergency[rows] / without_noise.emergency[rows])
    between = np.corrcoef(noise)[np.triu_indices(len(rows), 1)]
    assert between.min() > 0.1
    assert between.max() < 0.7


def test_the_department_is_crowded_when_many_come(all_days: Pressure) -> None:
    rows = [NAMES.index(name) for name in RULES.pressure.crowding_families]
    order = np.argsort(all_days.emergency[rows].sum(0), kind="stable")
    assert np.array_equal(np.sort(all_days.crowding), all_days.crowding[order])
    assert 0.9 < all_days.crowding.mean() / ONE < 1.1
