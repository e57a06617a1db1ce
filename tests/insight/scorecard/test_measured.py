"""Figures and their intervals, against values that can be computed by hand."""

import numpy as np
import polars as pl
import pytest

from hospital_assets.insight.scorecard.measured import (
    correlation,
    mean,
    memory,
    over_weeks,
    quantile,
    rate,
    ratio,
    ratio_of_means,
    share,
    share_of,
    without,
)


def test_a_share_has_wilsons_interval() -> None:
    found = share(10, 100)
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((10, 5.52, 17.44), abs=0.01)


@pytest.mark.parametrize(("part", "end"), [(0, 0.0), (50, 100.0)])
def test_a_share_of_none_or_all_ends_exactly_there(part: int, end: float) -> None:
    found = share(part, 50)
    assert found is not None
    assert end in (found.low, found.high)


def test_one_exception_keeps_a_share_off_all() -> None:
    found = share(9_999_999, 10_000_000)
    assert found is not None
    assert found.high < 100


def test_where_there_is_nothing_nothing_is_measured() -> None:
    nothing = pl.Series([], dtype=pl.Float64)
    assert share(0, 0) is None
    assert rate(0, 0) is None
    assert ratio(0, 1, 1, 1) is None
    assert mean(nothing) is None
    assert quantile(nothing, 0.5) is None
    assert correlation(np.ones(40), np.arange(40.0)) is None
    assert memory(np.arange(10.0)) is None
    assert over_weeks(np.arange(10.0), lambda days: float(days.mean())) is None
    assert ratio_of_means(np.ones(1), np.ones(5)) is None


def test_an_unknown_condition_counts_as_one_that_does_not_hold() -> None:
    found = share_of(pl.DataFrame({"a": [1, None, 0, 1]}), pl.col("a") == 1)
    assert found is not None
    assert found.value == 50


def test_levels_of_weekday_and_month_are_divided_out() -> None:
    days = np.arange(364)
    weekday, month = days % 7, days // 28
    series = 100.0 * (1 + weekday) * (1 + month / 10)
    assert np.abs(without(series, weekday, month)).max() < 1e-6 * series.max()


def test_the_interval_of_a_figure_over_weeks_holds_it() -> None:
    days = np.tile([5.0, 7, 9, 11, 13, 2, 1], 20) + np.arange(140) % 3
    found = over_weeks(days, lambda rows: float(rows.mean()))
    assert found is not None
    assert found.value == pytest.approx(days.mean())
    assert found.low <= found.value <= found.high
