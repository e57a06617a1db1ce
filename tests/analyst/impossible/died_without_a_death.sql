-- Who died in an encounter is dead from that date on.
select e.encounter_id, deceased_on from encounters e join lives using (person_id)
where e.disposition = 'died' and deceased_on is distinct from e.discharged_at::date
