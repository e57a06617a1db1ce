"""The skeleton of a hospital: what spans days and takes seconds to make.

It can be kept: arrays alone, the same for the same seed and parameters. Every day is read off it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.dates import day_number
from hospital_assets.simulation.parameters import Parameters
from hospital_assets.simulation.population.population import Population
from hospital_assets.simulation.stays.hospital_stays import HospitalStays, hospital_stays
from hospital_assets.simulation.stays.model import StayModel, stay_model


@dataclass(frozen=True)
class Skeleton:
    """The stays of the period, and who uses the hospital: `catchment` has one bit a person."""

    stays: HospitalStays
    catchment: NDArray[np.uint8]


def make_skeleton(seed: int, parameters: Parameters) -> Skeleton:
    """Return the skeleton of a hospital, made anew."""
    people = Population(seed, parameters.people)
    table = people.catchment.make_table()
    stays = hospital_stays(model_of_stays(seed, parameters), people.knowing(table))
    return Skeleton(stays, table)


def model_of_stays(seed: int, parameters: Parameters) -> StayModel:
    """Return what the stays of the period are drawn from."""
    period = parameters.period
    first, last = day_number(period.first_day), day_number(period.last_day)
    return stay_model(seed, parameters.inpatients, first, last)
