-- Every department has a doctor on a shift at 03:00.
with nights as (
    select distinct roster_date as day, department from doctors
    where roster_date > (select min(roster_date) from doctors)
)
select day, nights.department from nights
where not exists (
    select 1 from staff_assignments s
    where s.role = 'doctor' and s.department = nights.department and s.work_date between day - 1 and day
        and s.starts_at <= day + interval 3 hours and s.ends_at > day + interval 3 hours
)
