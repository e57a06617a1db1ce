"""Staff assignments: every shift of every member of staff, and its table."""

import dagster as dg

from hospital_assets.assets import extracts
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts import DOCTORS, PEOPLE, STAFF_ASSIGNMENTS
from hospital_assets.resources.lake import Lake
from hospital_assets.simulation import Hospital

_READS = (DOCTORS, PEOPLE)


@dg.asset(**extracts.extract(STAFF_ASSIGNMENTS, _READS))
def staff_assignments(
    context: dg.AssetExecutionContext, hospital: dg.ResourceParam[Hospital], lake: Lake
) -> dg.MaterializeResult:
    """One row is a shift worked by one member of staff, starting on the day."""
    return extracts.write(
        context,
        STAFF_ASSIGNMENTS,
        hospital,
        lake,
        lambda first, last, frames: hospital.staff_assignments(first, last, frames["doctors"]),
        _READS,
    )


staff_assignments_table = warehouse_table(STAFF_ASSIGNMENTS)
