update patients
set person_id = 1
where encounter_class = 'outpatient';
