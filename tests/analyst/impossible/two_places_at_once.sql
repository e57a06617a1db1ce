-- Nobody is in two places at once.
select a.person_id, a.encounter_id, b.encounter_id from encounters a join encounters b
    on a.person_id = b.person_id and a.encounter_id < b.encounter_id
where a.admitted_at < coalesce(b.discharged_at, b.census_date + interval 1 day)
    and b.admitted_at < coalesce(a.discharged_at, a.census_date + interval 1 day)
