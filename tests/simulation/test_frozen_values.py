"""What was computed once is never changed: whoever needs something else makes a new value."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hospital_assets.simulation.stays.stay_chains import Stays

from hospital_assets.simulation import Parameters
from hospital_assets.simulation.stays import stay_chains, transfer_slots
from tests.simulation.golden import SEED

COLUMNS = [field.name for field in fields(Stays)]


@pytest.fixture
def made(small_parameters: Parameters) -> Stays:
    """Stays before any of them is a transfer."""
    return stay_chains.simulate(SEED, small_parameters)


def test_choosing_transfers_leaves_the_stays_it_was_given_as_they_were(
    made: Stays, small_parameters: Parameters
) -> None:
    before = {name: getattr(made, name).copy() for name in COLUMNS}
    chosen, slots = transfer_slots.choose(SEED, small_parameters, made)
    for name in COLUMNS:
        assert np.array_equal(getattr(made, name), before[name]), name
    moved = chosen.discharged != made.discharged
    assert moved.any()
    assert (slots[moved] > 0).all()


def test_choosing_transfers_moves_discharges_and_nothing_else(
    made: Stays, small_parameters: Parameters
) -> None:
    chosen, _ = transfer_slots.choose(SEED, small_parameters, made)
    for name in COLUMNS:
        same = np.array_equal(getattr(chosen, name), getattr(made, name))
        assert same == (name != "discharged"), name


@pytest.mark.parametrize("name", COLUMNS)
def test_stays_refuse_that_a_column_is_replaced(name: str, made: Stays) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, np.zeros(len(made), np.int64))
