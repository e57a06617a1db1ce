-- Neonatal diagnoses are of the first 28 days.
select e.encounter_id, e.diagnosis_code, e.age_years from encounters e join lives using (person_id)
where regexp_matches(diagnosis_code, '^P(0[0-9]|[1-8])') and admitted_at::date - date_of_birth > 28
