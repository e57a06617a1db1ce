"""When the visits to the emergency department that lead to a stay are over."""

import numpy as np

from hospital_assets.simulation.chance.distributions import lognormal_about, quantile
from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.parameters.emergency import TreatmentRules
from hospital_assets.simulation.stays.bed_allocation import NOT_ADMITTED
from hospital_assets.simulation.stays.hospital_stays import HospitalStays
from hospital_assets.simulation.stays.model import StayModel


def departures(model: StayModel, inpatients: HospitalStays, rules: TreatmentRules) -> Integers:
    """Return for each stay the minute at which the patient would leave the emergency department.

    That is the minute of the bed. Who gets none leaves for another hospital some hours after the
    decision, also with an illness that ends in death later on; who dies before, dies there.
    """
    stays = inpatients.timelines
    waits = lognormal_about(rules.elsewhere_median_minutes, rules.elsewhere_sigma)
    wait = quantile(model.stream("ed/elsewhere").bits(stays.serial), waits)
    without_bed = stays.decided + rules.elsewhere_from_minutes + wait
    without_bed = np.where(stays.died, np.minimum(stays.end, without_bed), without_bed)
    return np.where(inpatients.admitted != NOT_ADMITTED, inpatients.admitted, without_bed)
