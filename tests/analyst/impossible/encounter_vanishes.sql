-- An encounter that goes on is there on the next day.
select encounter_id, census_date from patients p
where discharged_at is null and census_date < (select max(census_date) from patients)
    and not exists (select 1 from patients n where n.encounter_id = p.encounter_id and n.census_date = p.census_date + 1)
