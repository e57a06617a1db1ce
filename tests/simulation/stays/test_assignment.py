"""Choosing one after another, found in rounds."""

import numpy as np
import pytest

from hospital_assets.simulation.stays.assignment import NO_PLACE, assign


def one_by_one(wishes: np.ndarray, fits: np.ndarray, tries: np.ndarray) -> list[int]:
    """Return what askers get if they really choose one after another."""
    taken: set[int] = set()
    got = []
    for asker in range(len(wishes)):
        mine = NO_PLACE
        for attempt in range(tries[asker]):
            place = int(wishes[asker, attempt])
            if fits[asker, attempt] and place not in taken:
                mine = place
                break
        taken.add(mine)
        got.append(mine)
    return got


@pytest.mark.parametrize("places", [3, 40, 100, 1_000])
def test_rounds_give_what_choosing_one_after_another_gives(places: int) -> None:
    askers, most = 120, 30
    numbers = np.arange(askers * most).reshape(askers, most)
    wishes = numbers * 2_654_435_761 % 1_000_003 % places
    fits = numbers * 40_503 % 65_521 % 7 > 0
    tries = np.arange(askers) % most + 1
    got, tried = assign(places, lambda who, turn: (wishes[who, turn], fits[who, turn]), tries)
    assert got.tolist() == one_by_one(wishes, fits, tries)
    assert (tried <= tries).all()
    assert (tried[got == NO_PLACE] == tries[got == NO_PLACE]).all()


def test_nobody_asks_for_ever() -> None:
    tries = np.full(50, 140)
    everybody = np.ones(50, np.bool_)
    got, _ = assign(1, lambda who, turn: (np.zeros(len(who), np.int64), everybody[who]), tries)
    assert got.tolist() == [0] + [NO_PLACE] * 49


def test_nobody_asking_gets_nothing() -> None:
    got, tried = assign(5, lambda who, turn: (who, who >= 0), np.zeros(0, np.int64))
    assert len(got) == len(tried) == 0
