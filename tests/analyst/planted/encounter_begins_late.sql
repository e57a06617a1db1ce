update patients
set admitted_at = '2023-12-01'
where encounter_id = a_visit();
update patients
set census_date = '2023-12-05'
where encounter_id = a_visit();
