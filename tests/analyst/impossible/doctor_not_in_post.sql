-- The attending doctor is in post on the day.
select encounter_id, census_date from patients p
where not exists (
    select 1 from doctors d where d.doctor_id = p.attending_doctor_id and d.roster_date = p.census_date
)
