update diagnoses set icd10_code = 'P36.9'
where sequence = 1 and encounter_id in (
    select encounter_id from patients where admission_type = 'newborn' and bed is null
);
