-- Of everybody who is an inpatient on the day of birth the mother is in a bed on that day.
select n.encounter_id from encounters n join lives using (person_id)
where n.encounter_class = 'inpatient'
    and (n.admission_type = 'newborn' or lives.date_of_birth = n.admitted_at::date)
    and n.admitted_at::date > (select min(census_date) from patients)
    and not exists (
        select 1 from stays m where m.person_id = lives.mother_id and m.admitted_at <= n.admitted_at
            and coalesce(m.discharged_at, m.census_date + interval 1 day) >= lives.date_of_birth
    )
