-- Who is admitted from the emergency department is in a bed within three days.
select e.encounter_id, e.discharged_at from encounters e
where e.encounter_class = 'emergency' and e.disposition = 'admitted'
    and e.discharged_at < (select max(census_date) from patients) - interval 3 days
    and not exists (
        select 1 from stays s where s.person_id = e.person_id
            and s.admitted_at between e.admitted_at and e.discharged_at + interval 3 days
    )
