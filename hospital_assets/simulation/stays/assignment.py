"""Giving each of many its own of many places, those who come first choosing first."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers

NO_PLACE = -1

Propose = Callable[[Integers, Integers], tuple[Integers, NDArray[np.bool_]]]


def assign(places: int, propose: Propose, tries: Integers) -> tuple[Integers, Integers]:
    """Return the place that each asker gets, or NO_PLACE, and the tries it took.

    `tries` has one element an asker, in the order in which they choose: how often each may ask.

    `propose(askers, try)` returns the place that each asker wishes for at its n-th try, and whether
    the place fits it. All ask at once, a place keeps the first of its askers, and the others
    ask on (Gale and Shapley 1962). That gives what they would get if they chose one after another.
    """
    count = len(tries)
    nobody = np.iinfo(np.int32).max
    owner = np.full(places, nobody, np.int32)
    got = np.full(count, NO_PLACE)
    tried = np.zeros(count, np.int64)
    asking = np.arange(count)
    must_ask_on = np.zeros(count, np.bool_)
    while len(asking):
        place, fits = propose(asking, tried[asking])
        wished = place[fits]
        before = owner[wished]
        np.minimum.at(owner, wished, asking[fits].astype(np.int32))
        got[asking] = np.where(fits, place, NO_PLACE)
        tried[asking] += 1
        displaced = before[(before != nobody) & (owner[wished] != before)]
        refused = asking[~fits | (owner[np.where(fits, place, 0)] != asking)]
        must_ask_on[displaced] = True
        must_ask_on[refused] = True
        asking = np.flatnonzero(must_ask_on)
        must_ask_on[asking] = False
        got[asking] = NO_PLACE
        asking = asking[tried[asking] < tries[asking]]
    return got, tried
