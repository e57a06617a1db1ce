-- Nobody gives birth as an outpatient.
select encounter_id from encounters
where regexp_matches(diagnosis_code, '^O8[0-4]') and encounter_class = 'outpatient'
