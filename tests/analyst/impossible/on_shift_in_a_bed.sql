-- Nobody works while in a bed.
select e.encounter_id, s.staff_id from stays e join staff_assignments s using (person_id)
where s.starts_at < coalesce(e.discharged_at, e.census_date + interval 1 day) and s.ends_at > e.admitted_at
