-- The latest day that batch and stream both have, department by department.
SELECT department, census, admissions, discharges, deaths, transfers, streamed_transfers,
       attendances
FROM hospital.patient_flow
WHERE flow_date = (SELECT max(flow_date) FROM hospital.patient_flow)
ORDER BY census DESC;
