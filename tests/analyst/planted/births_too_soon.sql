update patients
set diagnosis_code = 'O80.9', person_id = (select min(person_id) from patients)
where encounter_id in (a_stay(), a_visit());
