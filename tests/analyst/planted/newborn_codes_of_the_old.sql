update patients
set diagnosis_code = 'P59.9'
where encounter_id = a_visit();
