-- Juniors see most of the emergency department's patients, and nobody sees seventy on a day.
with seen as (
    select e.census_date as day, e.attending_doctor_id, d.grade, count(*) as patients
    from patients e join doctors d on d.roster_date = e.census_date and d.doctor_id = e.attending_doctor_id
    where e.encounter_class = 'emergency' and e.admitted_at::date = e.census_date
    group by all
)
select day, attending_doctor_id, patients from seen where patients >= 70
union all
select null, null, by_juniors from (
    select sum(patients) filter (grade in ('intern', 'community_service', 'medical_officer')) / sum(patients) as by_juniors
    from seen
) where not coalesce(by_juniors > 0.5, false)
