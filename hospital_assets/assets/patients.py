"""Patients: the daily census of beds and attendances, and its table."""

import dagster as dg

from hospital_assets.assets import extracts
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts import PATIENTS, PEOPLE, STAFF_ASSIGNMENTS
from hospital_assets.resources.lake import Lake
from hospital_assets.simulation import Hospital

_READS = (STAFF_ASSIGNMENTS, PEOPLE)


@dg.asset(**extracts.extract(PATIENTS, _READS))
def patients(
    context: dg.AssetExecutionContext, hospital: dg.ResourceParam[Hospital], lake: Lake
) -> dg.MaterializeResult:
    """One row is an encounter active on the day, attended by a doctor on that day's roster."""
    return extracts.write(
        context,
        PATIENTS,
        hospital,
        lake,
        lambda first, last, frames: hospital.patients(first, last, frames["staff_assignments"]),
        _READS,
    )


patients_table = warehouse_table(PATIENTS)
