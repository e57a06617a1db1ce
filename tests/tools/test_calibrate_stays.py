"""The levels of stays that ship, and how they are found."""

import shutil
from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT
from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters.beds import NEWBORNS
from hospital_assets.simulation.parameters.inpatients import InpatientRules
from tools import calibrate_stays
from tools.calibrate_stays import Measured, measured_mean, nearer


def test_the_levels_that_ship_meet_what_they_aim_at() -> None:
    rules = calibrate_stays.rules(InpatientRules, calibrate_stays.CONFIGS)
    period = calibrate_stays.rules(calibrate_stays.Whole, calibrate_stays.CONFIGS).period
    days = day_number(period.last_day) - day_number(period.first_day) + 1
    found = measured_mean(rules, calibrate_stays.SEEDS[:3])
    for pool, one in zip(rules.beds.pools, found, strict=True):
        if pool.kind == NEWBORNS:
            continue
        # From seed to seed means scatter by 1.3 to 2.4 divided by the root of a pool's stays, and
        # the dead as Poisson numbers do. The levels are from five seeds, here are three.
        stays = pool.beds * pool.offered_load * days / pool.mean_days
        of_means, of_deaths = 0.01 + 3 / sqrt(stays), 0.02 + 2 / sqrt(stays * pool.mortality)
        assert one.mean_days == pytest.approx(pool.mean_days, rel=of_means), pool.name
        assert one.offered_load == pytest.approx(pool.offered_load, rel=of_means), pool.name
        assert one.mortality == pytest.approx(pool.mortality, rel=of_deaths), pool.name


def test_a_round_brings_a_level_nearer_to_its_aim() -> None:
    rules = calibrate_stays.rules(InpatientRules, calibrate_stays.CONFIGS)
    pool, level = rules.beds.pools[0], rules.calibration.pools[0]
    found = Measured(
        mean_days=2 * pool.mean_days,
        mortality=pool.mortality / 2,
        offered_load=pool.offered_load,
        returning=0.5,
    )
    better = nearer(level, pool, found)
    assert better.length == pytest.approx(level.length * 0.5**0.8, rel=1e-4)
    assert better.deaths == pytest.approx(level.deaths * 2**0.8, rel=1e-4)
    assert better.admissions == pytest.approx(level.admissions, rel=1e-4)
    assert better.early_returns + better.late_returns == pytest.approx(1)


def test_other_beds_bring_other_admissions() -> None:
    rules = calibrate_stays.rules(InpatientRules, calibrate_stays.CONFIGS)
    pool, level = replace(rules.beds.pools[0], beds=530), rules.calibration.pools[0]
    found = Measured(pool.mean_days, pool.mortality, pool.offered_load, 0.5)
    assert nearer(level, pool, found).admissions == pytest.approx(2 * level.admissions, rel=1e-4)


def test_levels_are_written_below_the_head_of_their_file(tmp_path: Path) -> None:
    for file in (ROOT / "configs").glob("*.toml"):
        shutil.copy(file, tmp_path)
    rules = calibrate_stays.rules(InpatientRules, tmp_path)
    levels = [replace(level, admissions=1.5) for level in rules.calibration.pools]
    calibrate_stays.write(tmp_path / "calibration.toml", levels)
    again = calibrate_stays.rules(InpatientRules, tmp_path)
    assert list(again.calibration.pools) == levels
    text = (tmp_path / "calibration.toml").read_text(encoding="utf-8")
    assert text.startswith("# How many patients come")
