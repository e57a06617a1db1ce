-- The emergency department's patients are seen by juniors too, and no doctor sees a fifth of a day's.
select day, most, juniors from (
    select
        admitted_at::date as day,
        max(seen) / sum(seen) as most,
        sum(seen) filter (grade in ('intern', 'community_service', 'medical_officer')) / sum(seen) as juniors
    from (
        select e.admitted_at::date as admitted_at, e.attending_doctor_id, d.grade, count(*) as seen
        from patients e join doctors d on d.roster_date = e.census_date and d.doctor_id = e.attending_doctor_id
        where e.encounter_class = 'emergency' and e.admitted_at::date = e.census_date
        group by all
    )
    group by all
) where most > 0.2 or juniors < 0.4
