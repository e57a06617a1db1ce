"""The draws that settle the course of a stay, each under its name."""

from typing import NamedTuple

from hospital_assets.simulation.chance.draws import Bits, Integers
from hospital_assets.simulation.stays.model import StayModel


class StayDraws(NamedTuple):
    """One draw a stay for each question, in the order of their counters."""

    length: Bits
    dies: Bits
    dies_when: Bits
    dies_early: Bits
    dies_in_unit: Bits
    excursion: Bits
    excursion_start: Bits
    unit_length: Bits
    stepdown: Bits
    moves: Bits
    first_move: Bits
    second_move: Bits
    third_move: Bits
    discharge_hour: Bits
    weekend: Bits
    high_care: Bits


def stay_draws(model: StayModel, serial: Integers) -> StayDraws:
    """Return the draws of these stays."""
    return StayDraws(*model.stream("stay").series(serial, len(StayDraws._fields)))
