-- Nobody gives birth outside of a stay.
select encounter_id from encounters
where regexp_matches(diagnosis_code, '^O8[0-4]') and encounter_class <> 'inpatient'
