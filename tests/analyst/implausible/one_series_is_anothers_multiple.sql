-- No two settings' or departments' arrivals a day go in step.
with days as (
    select admitted_at::date as day, encounter_class || department as series, count(*) as arrivals
    from encounters where admitted_at::date >= (select min(census_date) from patients) group by all
    union all
    select admitted_at::date, encounter_class, count(*)
    from encounters
    where admitted_at::date >= (select min(census_date) from patients) and encounter_class <> 'emergency'
    group by all
), wanted as (select series from days group by series having avg(arrivals) > 5)
select a.series, b.series from days a join days b on a.day = b.day and a.series < b.series
where a.series in (from wanted) and b.series in (from wanted)
group by all having corr(a.arrivals, b.arrivals) > 0.97
