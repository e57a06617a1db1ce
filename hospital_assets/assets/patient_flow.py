"""Patient flow: the mart that joins batch and stream, and the proof that they agree."""

from datetime import date

import dagster as dg
import polars as pl

from hospital_assets.assets import extracts
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.contracts import PATIENT_FLOW, PATIENTS, TRANSFERS
from hospital_assets.flow import disagreements
from hospital_assets.flow import patient_flow as flow_of
from hospital_assets.planning import DayRange
from hospital_assets.resources.lake import Lake
from hospital_assets.resources.preview import markdown_preview
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.simulation import Hospital
from hospital_assets.simulation.laws import Frames

AGREEMENT = "batch_and_stream_agree"
MART = "mart"


@dg.asset(
    **extracts.extract(PATIENT_FLOW, (PATIENTS, TRANSFERS))
    | {
        "group_name": MART,
        "check_specs": [
            dg.AssetCheckSpec(
                AGREEMENT,
                asset=PATIENT_FLOW.name,
                blocking=True,
                description="Once all slots of a day are in, patients and transfers name the same"
                " people, encounters, beds and times.",
            )
        ],
    }
)
def patient_flow(
    context: dg.AssetExecutionContext,
    hospital: dg.ResourceParam[Hospital],
    lake: Lake,
    warehouse: Warehouse,
) -> dg.MaterializeResult:
    """One row is a department's flow of patients on the day, from batch and stream."""
    rules = hospital.parameters.transfers
    departments = [one.name for one in hospital.parameters.departments]
    found: list[pl.DataFrame] = []

    def make(first: date, last: date, frames: Frames) -> pl.DataFrame:
        transfers = warehouse.read(TRANSFERS, DayRange(first, last).days)
        patients = frames[PATIENTS.name]
        found.append(disagreements(patients, transfers, rules.slots_per_day * rules.per_slot))
        return flow_of(patients, transfers, departments)

    extracts.write(context, PATIENT_FLOW, hospital, lake, make, (PATIENTS,))
    differing = pl.concat(found)
    return dg.MaterializeResult(
        check_results=[
            dg.AssetCheckResult(
                check_name=AGREEMENT,
                passed=differing.is_empty(),
                metadata={
                    "differences": len(differing),
                    "first": dg.MetadataValue.md(markdown_preview(differing)),
                },
            )
        ]
    )


patient_flow_table = warehouse_table(PATIENT_FLOW, group=MART)
