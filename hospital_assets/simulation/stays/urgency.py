"""How urgent a patient is: the colour of triage, drawn once and asked for by all that follows."""

import numpy as np

from hospital_assets.simulation.chance.draws import Integers, chance, choose_by_row, halves
from hospital_assets.simulation.chance.exact import Floats
from hospital_assets.simulation.parameters.triage import TRIAGE_CLASSES
from hospital_assets.simulation.stays.model import StayModel
from hospital_assets.simulation.stays.patients import Flags

RED = 0
_DELIVERIES = TRIAGE_CLASSES - 1


def colours(
    model: StayModel,
    serial: Integers,
    diagnosis: Integers,
    age_band: Integers,
    goes_home: Flags | bool = False,
) -> Integers:
    """Return the colour of each patient, 0 (red) to 3 (green).

    It hangs on the diagnosis's class, on age, and on whether the patient `goes_home`.
    """
    bits = model.stream("triage").bits(serial)
    taken_for_frail = chance(halves(bits)[1], model.rules.triage.frail_share)
    urgency = _classes(model, diagnosis, age_band, taken_for_frail)
    bounds = model.colour_bounds[np.asarray(goes_home).astype(np.int64), urgency]
    return choose_by_row(bits, bounds)


def death_factors(
    model: StayModel, serial: Integers, diagnosis: Integers, age_band: Integers
) -> Floats:
    """Return how much likelier than with others of the class of diagnosis it is that a stay kills.

    The mean of a class is 1, so that the diagnosis has the risk that the case mix says.
    """
    rules = model.rules.triage
    odds = np.array(rules.death_odds)
    of_class = np.cumsum(np.array(rules.admitted) * odds, axis=1)[:, -1]
    of_patient: Floats = odds[colours(model, serial, diagnosis, age_band)]
    return of_patient / of_class[model.mix.triage_class[diagnosis]]


def _classes(
    model: StayModel, diagnosis: Integers, age_band: Integers, taken_for_frail: Flags
) -> Integers:
    """Return the classes of urgency; some of the frail are taken as of the next more urgent."""
    rules, edges = model.rules.triage, model.mix.band_edges
    urgency = model.mix.triage_class[diagnosis]
    frail = edges[age_band] >= rules.frail_from_age
    frail |= edges[age_band + 1] <= rules.frail_below_age
    sooner = frail & taken_for_frail & (urgency > 0) & (urgency < _DELIVERIES)
    return urgency - sooner
