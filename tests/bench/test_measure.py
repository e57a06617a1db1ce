"""What benches compute from their samples."""

from datetime import date
from itertools import pairwise

import pytest

from bench.growth import tenfold
from bench.latency import AFTER_A_LOOK, LOOK_SECONDS, pause
from bench.measure import Comparison, Goal, Side, differences, median_and_spread, ratios, same
from bench.replace import spread
from hospital_assets.calendar.period import Period


def test_figures_are_those_of_pairs_of_runs() -> None:
    assert ratios([4.0, 9.0], [2.0, 3.0]) == [2.0, 3.0]
    assert differences([4.0, 9.0], [2.0, 3.0]) == [2.0, 6.0]
    with pytest.raises(ValueError, match="shorter"):
        ratios([1.0, 2.0], [1.0])


def test_a_figure_is_shown_with_its_spread() -> None:
    assert median_and_spread([3.0, 1.0, 2.0]) == "2 (1 to 3)"


def test_the_median_decides_whether_a_goal_is_met() -> None:
    assert Goal(">=", 0.95).is_met([0.1, 0.95, 2.0])
    assert not Goal(">=", 0.95).is_met([0.1, 0.94, 2.0])
    assert Goal("<=", 1.5).is_met([0.1, 1.5, 9.0])
    assert not Goal("<=", 1.5).is_met([0.1, 1.51, 9.0])


def test_a_comparison_prints_both_sides_the_figure_and_the_goal() -> None:
    one = Comparison("row", Side("us", [1.0]), Side("them", [2.0]), [2.0], Goal(">=", 3))
    text = str(one)
    assert "us: 1 (1 to 1) s" in text
    assert "them: 2 (2 to 2) s" in text
    assert text.endswith("2 (2 to 2) x, goal >= 3 x: not met")


def test_different_work_ends_a_bench_with_an_error() -> None:
    same("rows", 3, 3)
    with pytest.raises(SystemExit, match="not the same work: rows"):
        same("rows", 3, 4)


def test_growth_on_a_straight_line_is_one_whatever_the_start_up_takes() -> None:
    assert tenfold({10: 7.0, 100: 52.0}, start_up=2.0, few=10, many=100) == pytest.approx(1)
    assert tenfold({10: 7.0, 100: 102.0}, start_up=2.0, few=10, many=100) == pytest.approx(2)


def test_the_days_left_out_lie_apart_and_have_a_day_before_them() -> None:
    days = Period(date(2020, 12, 1), date(2020, 12, 31)).days
    chosen = spread(days, 9)
    assert len(set(chosen)) == 9
    assert all((b - a).days > 1 for a, b in pairwise(chosen))
    assert days[0] < chosen[0]
    assert chosen[-1] < days[-1]


def test_every_run_gets_in_line_at_the_same_time_after_a_look() -> None:
    for since in (0.0, 3.9, 4.1, 12.0):
        waited = pause(100.0, 100.0 + since)
        assert 0 <= waited < LOOK_SECONDS
        assert (since + waited) % LOOK_SECONDS == pytest.approx(AFTER_A_LOOK)
