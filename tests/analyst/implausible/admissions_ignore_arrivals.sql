-- On days of many emergencies more of them are admitted, weekdays apart.
with days as (
    select admitted_at::date as day, count(*) filter (encounter_class = 'emergency') as arrivals,
        count(*) filter (admission_source = 'emergency_department') as admissions
    from encounters where admitted_at::date >= (select min(census_date) from patients) group by all
), others as (
    select arrivals - avg(arrivals) over (partition by isodow(day)) as arrivals,
        admissions - avg(admissions) over (partition by isodow(day)) as admissions
    from days
)
select r from (select corr(arrivals, admissions) as r from others) where not coalesce(r > 0.4, false)
