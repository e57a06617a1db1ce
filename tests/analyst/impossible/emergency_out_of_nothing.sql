-- Who is admitted as an emergency attended the emergency department just before.
select s.encounter_id from stays s
where s.admission_source = 'emergency_department' and s.admitted_at::date > (select min(census_date) + 3 from patients)
    and not exists (
        select 1 from encounters e where e.person_id = s.person_id and e.encounter_class = 'emergency'
            and e.admitted_at <= s.admitted_at and e.discharged_at >= s.admitted_at - interval 3 days
    )
