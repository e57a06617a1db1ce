"""Which doctor a row names: the one in charge at a minute."""

import numpy as np
from numpy.typing import NDArray

from hospital_assets.simulation.chance.draws import Integers
from hospital_assets.simulation.dates import MINUTES_PER_DAY
from hospital_assets.simulation.hospital import Hospital
from hospital_assets.simulation.rosters import roster
from hospital_assets.simulation.workforce.attending import Attending

_WARD_ROUND_MINUTE = 10 * 60


def attending_doctors(
    hospital: Hospital,
    number: Integers,
    pool: Integers,
    at_clinic: NDArray[np.bool_],
    minute: Integers,
    first: int,
    last: int,
) -> Integers:
    """Return the staff number of the doctor in charge of each encounter at the minute.

    In the emergency department and `at_clinic` it is who sees the patient. `pool` is a bed pool, or
    -1 for the emergency department; the minutes lie in [first, last].
    """
    names = [entry.department for entry in hospital.parameters.staffing.departments]
    pools = hospital.parameters.inpatients.beds.pools
    of_pool = np.array([names.index(one.department) for one in pools])
    emergency = names.index(hospital.parameters.emergency_department)
    department = np.where(pool < 0, emergency, of_pool[pool])
    attending = Attending(hospital.workforce, roster(hospital, first - 1, last))
    doctors = np.empty(len(number), np.int64)
    for rows, who in (
        (pool < 0, attending.in_emergency),
        (at_clinic, attending.at_clinic),
        ((pool >= 0) & ~at_clinic, attending.at),
    ):
        doctors[rows] = who(number[rows], department[rows], minute[rows])
    return doctors


def minutes_of_charge(day: Integers, begins: Integers, ends: Integers) -> Integers:
    """Return the minute that a row of the day names its doctor for.

    The beginning on its day, on later ones the ward round, or the end if that comes first.
    """
    round_ = day * MINUTES_PER_DAY + _WARD_ROUND_MINUTE
    return np.where(begins >= day * MINUTES_PER_DAY, begins, np.minimum(round_, ends))
