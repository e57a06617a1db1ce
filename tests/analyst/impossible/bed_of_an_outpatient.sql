-- Inpatients have a bed, others have none.
select encounter_id, census_date from patients where (encounter_class = 'inpatient') <> (bed is not null)
