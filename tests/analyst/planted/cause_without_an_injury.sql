update patients
set diagnosis_code = 'X99.0'
where encounter_id = a_stay();
