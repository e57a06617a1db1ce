"""People: the daily extract of the master patient index, and its table."""

import dagster as dg

from hospital_assets.assets import extracts
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts import PEOPLE
from hospital_assets.resources.lake import Lake
from hospital_assets.simulation import Hospital


@dg.asset(**extracts.extract(PEOPLE))
def people(
    context: dg.AssetExecutionContext, hospital: dg.ResourceParam[Hospital], lake: Lake
) -> dg.MaterializeResult:
    """One row is a person touched on the day: digitised then, or referred to by its records."""
    return extracts.write(
        context, PEOPLE, hospital, lake, lambda first, last, _: hospital.people(first, last)
    )


people_table = warehouse_table(PEOPLE)
