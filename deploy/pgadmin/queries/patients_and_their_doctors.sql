-- Who is in the emergency department on the latest day, and who attends to them.
SELECT p.encounter_id, who.first_name || ' ' || who.last_name AS patient, p.age_years, p.triage,
       p.diagnosis, p.admitted_at, 'Dr ' || d.last_name AS doctor, d.grade
FROM hospital.patients AS p
JOIN hospital.people AS who USING (person_id)
JOIN hospital.doctors AS d ON (d.roster_date, d.doctor_id) = (p.census_date, p.attending_doctor_id)
WHERE p.census_date = (SELECT max(census_date) FROM hospital.patients)
  AND p.department = 'Emergency'
ORDER BY p.triage, p.admitted_at
LIMIT 200;
