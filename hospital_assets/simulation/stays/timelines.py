"""The course of a stay: how long, with what end, and the beds wished for, before any is given."""

from dataclasses import dataclass

import numpy as np

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.stays.bed_requests import (
    NO_REQUEST,
    REQUESTS,
    Offsets,
    Pools,
    bed_requests,
)
from hospital_assets.simulation.stays.discharge_minutes import discharge_minutes
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags, Patients
from hospital_assets.simulation.stays.stay_draws import stay_draws
from hospital_assets.simulation.stays.unit_parts import unit_parts
from hospital_assets.simulation.stays.ward_parts import ward_parts

__all__ = ["NO_REQUEST", "REQUESTS", "Timelines", "timelines"]


@dataclass(frozen=True)
class Timelines(Patients):
    """Stays with their course; `end` is the minute at which the patient leaves or dies.

    A stay asks for at most six beds, one after another. `request_pools` (int8, [6, stays]) holds
    the pool of each, or -1 where there is none; `request_offsets` (int32, [6, stays]) the minutes
    after `ready` at which it is asked for. Rows of a stay rise in time; some between may be -1.
    """

    end: Integers
    died: Flags
    request_offsets: Offsets
    request_pools: Pools


def timelines(model: StayModel, patients: Patients) -> Timelines:
    """Return the patients' stays with their course, which depends on nobody else's."""
    draws = stay_draws(model, patients.serial)
    wards = ward_parts(model, patients, draws)
    units = unit_parts(model, patients, draws, wards)
    leaves_from_unit = units.first & ~units.steps_down
    died = np.where(leaves_from_unit, units.died, wards.died | units.died)
    length = np.where(units.first & units.steps_down, units.length + wards.length, wards.length)
    length = np.where(leaves_from_unit, units.length, length)
    with_excursion = np.where(units.died, units.start, wards.length) + units.length
    length = np.where(units.excursion, with_excursion, length)
    end = discharge_minutes(model, draws, patients.ready, patients.ready + length, died)
    offsets, pools = bed_requests(model, draws, patients.pool, patients.ready, end, wards, units)
    return Timelines(
        **vars(patients), end=end, died=died, request_offsets=offsets, request_pools=pools
    )
