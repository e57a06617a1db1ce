-- Inpatients have a bed, but for newborns in a cot and women in labour; others have none.
select encounter_id, census_date from patients
where if(encounter_class = 'inpatient', bed is null and admission_type not in ('newborn', 'maternity'), bed is not null)
