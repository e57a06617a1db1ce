-- A newborn's mother is in a bed when it is born here.
select n.encounter_id from encounters n join lives using (person_id)
where n.admission_type = 'newborn' and lives.mother_id is not null
    and n.admitted_at::date > (select min(census_date) from patients)
    and not exists (
        select 1 from stays m where m.person_id = lives.mother_id and m.admitted_at <= n.admitted_at
            and coalesce(m.discharged_at, m.census_date + interval 1 day) >= n.admitted_at
    )
