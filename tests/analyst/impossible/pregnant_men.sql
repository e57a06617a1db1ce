-- Pregnancy, birth and the cervix are women's, the prostate men's.
select e.encounter_id, e.diagnosis_code from encounters e join lives using (person_id)
where (regexp_matches(diagnosis_code, '^(O|C5[1-8]|N7[0-7]|D25)') and sex = 'male')
    or (regexp_matches(diagnosis_code, '^(C6[0-3]|N4[0-9]|N50)') and sex = 'female')
