update patients
set diagnosis_code = 'O80.9', age_years = 7
where encounter_id = a_stay();
