update patients
set diagnosis_code = 'A00.0'
where encounter_id = a_stay();
