-- Diagnoses of an encounter are numbered from 1 on, each code once.
select encounter_id, census_date from diagnoses group by all
having max(sequence) <> count(*) or min(sequence) <> 1 or count(distinct icd10_code) <> count(*)
