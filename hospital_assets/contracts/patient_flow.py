"""Patient flow: the mart that joins batch and stream."""

import dataframely as dy

from hospital_assets.contracts.record_type import RecordType


class PatientFlow(dy.Schema):
    """One row is a department's flow of patients on the day, from batch and stream."""

    flow_date = dy.Date(primary_key=True)
    department = dy.String(primary_key=True, max_length=40)
    census = dy.Int64(min=0, description="Inpatients at the end of the day.")
    admissions = dy.Int64(min=0)
    discharges = dy.Int64(min=0, description="All that end a stay, deaths and transfers included.")
    deaths = dy.Int64(min=0)
    transfers = dy.Int64(min=0, description="Stays that `patients` ends with a transfer.")
    streamed_transfers = dy.Int64(min=0, description="Rows of the day in `transfers`.")
    attendances = dy.Int64(min=0, description="Emergency and outpatient arrivals.")


PATIENT_FLOW = RecordType(
    name="patient_flow",
    schema=PatientFlow,
    partition_column="flow_date",
    key=("flow_date", "department"),
)
