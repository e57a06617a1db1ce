"""Doctors: who is in post each day, and its table."""

import dagster as dg

from hospital_assets.assets import extracts
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts import DOCTORS, PEOPLE
from hospital_assets.resources.lake import Lake
from hospital_assets.simulation import Hospital

_READS = (PEOPLE,)


@dg.asset(**extracts.extract(DOCTORS, _READS))
def doctors(
    context: dg.AssetExecutionContext, hospital: dg.ResourceParam[Hospital], lake: Lake
) -> dg.MaterializeResult:
    """One row is a doctor in post on the day, with the name that `people` has."""
    return extracts.write(
        context,
        DOCTORS,
        hospital,
        lake,
        lambda first, last, frames: hospital.doctors(first, last, frames["people"]),
        _READS,
    )


doctors_table = warehouse_table(DOCTORS)
