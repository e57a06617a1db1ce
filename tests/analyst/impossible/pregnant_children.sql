-- Pregnant women are 11 to 56 years old.
select encounter_id, age_years from encounters
where diagnosis_code like 'O%' and age_years not between 11 and 56
