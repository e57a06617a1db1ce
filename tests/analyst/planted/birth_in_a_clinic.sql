update patients
set diagnosis_code = 'O80.9'
where encounter_id = a_visit();
