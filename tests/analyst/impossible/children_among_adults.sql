-- Children are in Pediatrics, adults are not.
select encounter_id, department, age_years from stays
where (department = 'Pediatrics' and age_years > 14) or (department in ('Medicine', 'Oncology') and age_years < 12)
