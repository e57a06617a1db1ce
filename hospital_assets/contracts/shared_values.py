"""The roles and grades of staff, which several records share."""

ROLES = ["doctor", "nurse", "allied_health", "administration", "support"]
GRADES = [
    "intern",
    "medical_officer",
    "registrar",
    "specialist",
    "consultant",
    "junior",
    "qualified",
    "senior",
]
