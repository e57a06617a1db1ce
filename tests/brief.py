"""What the brief asks for by name, where a test states it beside what the registry holds."""

RECORDS_OF_THE_BRIEF = {"people", "doctors", "staff_assignments", "patients"}
