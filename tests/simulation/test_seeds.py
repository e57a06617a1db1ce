"""Any seed gives a whole hospital. `make seeds` sweeps many more, over more days."""

from collections.abc import Callable

import polars as pl
import pytest

from hospital_assets.configuration.hospital_files import load_words
from hospital_assets.registry import make_all
from hospital_assets.simulation import Frames, Hospital, Parameters
from tests.simulation import seeds
from tests.simulation.seeds import GREATEST, SHORT_STRETCHES, faults_of_seed, seeds_of

SEEDS = (0, 4, 9, 24, 42, 166, 2**31 - 1, 2**32, 2**53 + 1, GREATEST)
DAYS = SHORT_STRETCHES[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_gives_a_whole_hospital_that_keeps_all_laws(
    seed: int, small_parameters: Parameters
) -> None:
    found = list(faults_of_seed(seed, small_parameters, load_words(), SHORT_STRETCHES))
    assert not found, "\n".join(map(str, found))


@pytest.fixture
def sweep_over(
    small: Hospital, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Frames], set[tuple[str, str]]]:
    """Return what a sweep says of a hospital whose records are changed."""

    def sweep(changes: Frames) -> set[tuple[str, str]]:
        frames = make_all(small, DAYS) | changes
        monkeypatch.setattr(seeds, "make_all", lambda *_: frames)
        found = faults_of_seed(small.seed, small.parameters, small.words, (DAYS,))
        return {(fault.record, fault.broken) for fault in found}

    return sweep


def test_a_sweep_tells_of_rules_laws_and_records_that_are_not_there(
    small: Hospital, sweep_over: Callable[[Frames], set[tuple[str, str]]]
) -> None:
    frames = make_all(small, DAYS)
    assert sweep_over({}) == set()
    assert ("absences", "having rows") in sweep_over({"absences": frames["absences"].clear()})
    assert ("transfers", "their number") in sweep_over({"transfers": frames["transfers"].head(9)})
    doubled = pl.concat([frames["bed_movements"]] * 2)
    assert ("bed_movements", "its contract") in sweep_over({"bed_movements": doubled})
    crowded = frames["bed_movements"].with_columns(bed=pl.lit("SU-001"))
    assert ("bed_movements", "bed_holds_one") in sweep_over({"bed_movements": crowded})


def test_a_sweep_goes_on_after_an_exception(
    small: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeds, "make_all", lambda *_: 1 / 0)
    found = list(faults_of_seed(small.seed, small.parameters, small.words, SHORT_STRETCHES))
    assert len(found) == len(SHORT_STRETCHES)
    assert all("ZeroDivisionError" in fault.detail for fault in found)


def test_seeds_are_given_as_a_list_of_numbers_and_ranges() -> None:
    assert seeds_of("0-2,7") == [0, 1, 2, 7]
