-- The first diagnosis is that of the census.
select p.encounter_id from patients p left join diagnoses d
    on d.encounter_id = p.encounter_id and d.census_date = p.census_date and d.sequence = 1
where d.icd10_code is distinct from p.diagnosis_code
