-- Newborns with sepsis or asphyxia lie in a bed of their own.
select e.encounter_id from codes join encounters e using (encounter_id)
where regexp_matches(code, '^P(21|36)') and e.encounter_class = 'inpatient' and e.bed is null
