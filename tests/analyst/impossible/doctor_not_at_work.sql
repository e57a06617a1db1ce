-- Who arrives is given a doctor who is on a shift at that minute.
select e.encounter_id, e.admitted_at, e.attending_doctor_id
from patients e
where admitted_at::date = census_date and census_date > (select min(census_date) from patients)
    and not exists (
        select 1 from staff_assignments s
        where s.doctor_id = e.attending_doctor_id and s.work_date between e.census_date - 1 and e.census_date
            and s.starts_at <= e.admitted_at and s.ends_at > e.admitted_at
    )
