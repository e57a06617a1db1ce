update diagnoses
set icd10_code = 'S82.2'
where sequence <= 2 and encounter_id = a_stay();
