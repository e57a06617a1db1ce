"""Patient flow: the mart that joins batch and stream."""

import dataframely as dy

from hospital_assets.contracts.record_type import Question, RecordType


class PatientFlow(dy.Schema):
    """One row is a department's flow of patients on the day, from batch and stream."""

    flow_date = dy.Date(primary_key=True, description="Day of the flow.")
    department = dy.String(primary_key=True, max_length=40, description="Department.")
    beds = dy.Int64(min=0, description="Beds that the department has, taken or not.")
    census = dy.Int64(min=0, description="Patients in the department's beds at the end of the day.")
    admissions = dy.Int64(min=0, description="Stays that begin in a bed of the department.")
    moves_in = dy.Int64(min=0, description="Moves into the department from another one.")
    moves_out = dy.Int64(min=0, description="Moves out of the department into another one.")
    discharges = dy.Int64(min=0, description="All that end a stay, deaths and transfers included.")
    deaths = dy.Int64(min=0, description="Stays that end in death.")
    transfers = dy.Int64(min=0, description="Stays that `patients` ends with a transfer.")
    streamed_transfers = dy.Int64(min=0, description="Rows of the day in `transfers`.")
    attendances = dy.Int64(min=0, description="Emergency and outpatient arrivals.")


PATIENT_FLOW = RecordType(
    name="patient_flow",
    schema=PatientFlow,
    partition_column="flow_date",
    key=("flow_date", "department"),
    question=Question(
        "How do patients come and go, day by day?",
        "select flow_date, sum(census) as in_beds, sum(admissions) as admitted,\n"
        "       sum(discharges) as discharged, sum(deaths) as died\n"
        "from hospital.patient_flow\n"
        "group by flow_date order by flow_date",
    ),
)
