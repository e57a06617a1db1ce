"""The roles and grades of staff, which several records share."""

ROLES = ["doctor", "nurse", "allied_health", "administration", "support"]
DOCTOR_GRADES = [
    "intern",
    "community_service",
    "medical_officer",
    "registrar",
    "specialist",
    "consultant",
]
GRADES = [
    *DOCTOR_GRADES,
    "operational_manager",
    "professional_nurse",
    "staff_nurse",
    "nursing_assistant",
    "chief_allied",
    "allied_professional",
    "administration_manager",
    "clerk",
    "support_supervisor",
    "support_worker",
]
