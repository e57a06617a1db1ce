-- No encounter goes on after death.
select e.encounter_id, deceased_on from encounters e join lives using (person_id)
where coalesce(e.discharged_at, e.census_date) >= deceased_on + interval 1 day
