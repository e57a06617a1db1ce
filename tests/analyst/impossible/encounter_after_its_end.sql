-- An encounter ends on its last day.
select encounter_id, census_date from patients
where discharged_at::date <> census_date or admitted_at::date > census_date
