update patients
set admitted_at = '2023-12-25 10:00:00'
where encounter_id = a_visit();
