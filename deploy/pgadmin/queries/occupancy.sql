-- Inpatients at the end of each day, by department: one line a day.
SELECT flow_date, department, census
FROM hospital.patient_flow
ORDER BY flow_date DESC, department
LIMIT 500;
