"""The pressure of a day: how strongly each family of ailments brings patients."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance import distributions, exact
from hospital_assets.simulation.chance.draws import DrawStream, Integers
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.dates import day_number, weekday
from hospital_assets.simulation.holidays import is_holiday
from hospital_assets.simulation.parameters.holidays import HolidayRules
from hospital_assets.simulation.parameters.pressure import Family, PressureRules, Rhythm

# The unit of intensities: an ordinary day has 1024.
ONE = 1024
_DAYS_OF_YEAR = 365.25
_WEEKS_OF_YEAR = _DAYS_OF_YEAR / 7
_COLDEST_WEEK = 28
_SATURDAY = 5
_NORMAL_UNIT = 4096


@dataclass(frozen=True)
class Pressure:
    """The days from `first_day` on, in 1/1024 of an ordinary day; a day's column never changes.

    `emergency` is shaped [family, day]. `planned` is that of planned operations, 0 on weekends and
    holidays, where `working` is False. `crowding` is how full the emergency department is.
    """

    first_day: int
    emergency: Integers
    planned: Integers
    working: NDArray[np.bool_]
    crowding: Integers

    def crowding_at(self, minutes: Integers) -> Integers:
        """Return how crowded the emergency department is at each minute, in 1/1024."""
        day = minutes // (24 * 60) - self.first_day
        return self.crowding[np.clip(day, 0, len(self.crowding) - 1)]

    def works_on(self, days: Integers) -> NDArray[np.bool_]:
        """Return for each day number whether it is a working day."""
        return self.working[days - self.first_day]


@dataclass(frozen=True)
class _Days:
    """Days with what their rhythm depends on; every field is an array of one element a day."""

    number: Integers
    day_of_year: Integers
    weekday: Integers
    holiday: NDArray[np.bool_]
    month_end: NDArray[np.bool_]
    covid: Floats
    home: Floats

    @property
    def week(self) -> Floats:
        """Weeks since 1 January."""
        return self.day_of_year / 7.0

    @property
    def locked(self) -> Floats:
        """How far a wave of COVID-19 keeps others away, 0 to 1."""
        return np.clip(self.covid, 0.0, 1.0)


def pressure(
    seed: int, rules: PressureRules, holiday_rules: HolidayRules, first_day: int, days: int
) -> Pressure:
    """Return the pressure of some days from `first_day` on."""
    calendar = _calendar(rules, holiday_rules, np.arange(first_day, first_day + days))
    expected = np.stack([_expected(rules, family, calendar) for family in rules.families])
    emergency = np.rint(expected * _noise(seed, rules, calendar.number) * ONE).astype(np.int64)
    working = ~calendar.holiday & (calendar.weekday < _SATURDAY)
    planned = np.rint(_planned(rules, calendar, working) * ONE).astype(np.int64)
    return Pressure(first_day, emergency, planned, working, _crowding(rules, emergency))


def _calendar(rules: PressureRules, holiday_rules: HolidayRules, days: Integers) -> _Days:
    dates = days.astype("M8[D]")
    months = dates.astype("M8[M]")
    day_of_year = (dates - dates.astype("M8[Y]").astype("M8[D]")).astype(np.int64)
    day_of_month = (dates - months.astype("M8[D]")).astype(np.int64) + 1
    left = ((months + 1).astype("M8[D]") - dates).astype(np.int64)
    of_week = weekday(days)
    return _Days(
        number=days,
        day_of_year=day_of_year,
        weekday=of_week,
        holiday=is_holiday(holiday_rules, days),
        month_end=(of_week >= 4) & ((left <= 7) | (day_of_month <= 2)),
        covid=_covid(rules, days),
        home=_bump(day_of_year, rules.home_day_of_year, rules.home_half_width_days, _DAYS_OF_YEAR),
    )


def _expected(rules: PressureRules, family: Family, days: _Days) -> Floats:
    """Return the family's intensity by day without noise, 1 on an ordinary day."""
    season = np.full(len(days.number), family.base)
    for peak in family.seasons:
        season = season + peak.height * _bump(days.week, peak.week, peak.half_width, _WEEKS_OF_YEAR)
    turns = (days.week - _COLDEST_WEEK) / _WEEKS_OF_YEAR
    season = season + family.winter_swing * exact.cosine(turns)
    season = season - family.home_at_christmas * days.home
    restricted = days.number < day_number(rules.restrictions_end)
    season = season * np.where(restricted, family.under_restrictions, 1.0)
    if family.follows_covid:
        season = days.covid
    weekly = _weekly(rules.rhythms[family.rhythm], days)
    if family.rhythm_power != 1:
        weekly = exact.power(weekly, family.rhythm_power)
    weekly = (1 - family.rhythm_share) + family.rhythm_share * weekly
    return season * weekly * (1 - family.lost_in_waves * days.locked)


def _weekly(rhythm: Rhythm, days: _Days) -> Floats:
    factor = np.array(rhythm.by_weekday)[days.weekday]
    factor = factor * np.where(days.holiday, rhythm.holiday, 1.0)
    return factor * np.where(days.month_end, rhythm.month_end, rhythm.other_days)


def _planned(rules: PressureRules, days: _Days, working: NDArray[np.bool_]) -> Floats:
    """Return the intensity of planned operations by day; a week has seven ordinary days of it."""
    around = _bump(
        days.day_of_year,
        rules.christmas_day_of_year,
        rules.christmas_half_width_days,
        _DAYS_OF_YEAR,
    )
    distance = np.abs((days.day_of_year - rules.christmas_day_of_year + 182) % 365 - 182)
    plateau = np.where(distance < rules.christmas_plateau_days, rules.christmas_plateau, 0.0)
    open_share = 1 - rules.christmas_closure * np.maximum(around, plateau)
    open_share = open_share * (1 - rules.planned_lost_in_waves * days.locked)
    by_weekday = np.array(rules.planned_by_weekday)[days.weekday] * 7 / 5
    return np.where(working, by_weekday, 0.0) * open_share


def _covid(rules: PressureRules, days: Integers) -> Floats:
    """Return the height of COVID-19's admissions by day: Gaussian waves over a background."""
    since = np.maximum(days - day_number(rules.covid_background_fades_from), 0)
    height = rules.covid_background * exact.exp(-since / rules.covid_background_days)
    for wave in rules.covid_waves:
        distance = days - day_number(wave.peak)
        widths = distance / np.where(distance < 0, wave.days_up, wave.days_down)
        # Beyond 30 widths a wave is nothing, and the exponential has no argument that small.
        height = height + wave.height * exact.exp(-0.5 * np.minimum(widths * widths, 900.0))
    return height


def _noise(seed: int, rules: PressureRules, days: Integers) -> Floats:
    """Return the factor of chance [family, day]: innovations of this day and the days before."""
    sources = np.arange(len(rules.families) + 1)
    back = np.arange(days[0] - rules.memory_days + 1, days[-1] + 1)
    bits = DrawStream(seed, "pressure").bits(sources[:, None], back[None, :])
    innovations = distributions.quantile(
        bits.reshape(-1), distributions.normal(1.0, _NORMAL_UNIT)
    ).reshape(len(sources), -1)
    weights = [1.0]
    for _ in range(rules.memory_days - 1):
        weights.append(weights[-1] * rules.memory)
    scale = _NORMAL_UNIT * np.sqrt(np.cumsum(np.square(weights))[-1])
    level = np.zeros((len(sources), len(days)))
    for age, weight in enumerate(weights):
        start = rules.memory_days - 1 - age
        level = level + weight * innovations[:, start : start + len(days)]
    level = level / scale
    share = np.array([family.noise_share for family in rules.families])[:, None]
    common = rules.common_deviation * level[0] * share
    return exact.exp(common + rules.own_deviation * level[1:] * share)


def _crowding(rules: PressureRules, emergency: Integers) -> Integers:
    names = [family.name for family in rules.families]
    rows = [names.index(name) for name in rules.crowding_families]
    mean = emergency[rows].sum(0) / (len(rows) * rules.crowding_usual)
    return np.rint(exact.power(np.maximum(mean, 1e-6), rules.crowding_power) * ONE).astype(np.int64)


def _bump(x: Floats | Integers, centre: float, half_width: float, period: float) -> Floats:
    """Return a cyclic peak of height 1: the square of a cosine, 0 beyond its half width."""
    distance = np.abs((x - centre + period / 2) % period - period / 2)
    cosine = exact.cosine(np.minimum(distance / half_width, 1.0) / 4)
    return np.where(distance < half_width, cosine * cosine, 0.0)
