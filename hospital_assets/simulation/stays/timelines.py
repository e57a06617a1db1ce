"""The course of a stay: how long, with what end, and the beds wished for, before any is given."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.stays.patients import Flags, Patients

REQUESTS = 6
NO_REQUEST = 1 << 30


@dataclass(frozen=True)
class Timelines(Patients):
    """Stays with their course; `end` is the minute at which the patient leaves or dies.

    A stay asks for at most six beds, one after another. `request_pools` (int8, [6, stays]) holds
    the pool of each, or -1 where there is none; `request_offsets` (int32, [6, stays]) the minutes
    after `ready` at which it is asked for. Rows of a stay rise in time; some between may be -1.
    """

    end: Integers
    died: Flags
    request_offsets: NDArray[np.int32]
    request_pools: NDArray[np.int8]
