-- An encounter is there from the day of its admission on.
select encounter_id from patients group by encounter_id
having min(census_date) > greatest(min(admitted_at)::date, (select min(census_date) from patients))
