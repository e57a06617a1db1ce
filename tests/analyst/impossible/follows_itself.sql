-- The encounter before has ended before, and is of the same person.
select e.encounter_id from encounters e join encounters p on p.encounter_id = e.preceding_encounter_id
where p.person_id <> e.person_id or p.discharged_at > e.admitted_at or p.encounter_id = e.encounter_id
