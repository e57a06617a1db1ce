-- Whose stay ends with a transfer is among the transfers; who is sent on from emergency has no bed.
select encounter_id from stays s
where disposition = 'transferred' and not exists (select 1 from transfers t where t.encounter_id = s.encounter_id)
union all
select e.encounter_id from encounters e join stays s using (person_id)
where e.encounter_class = 'emergency' and e.disposition = 'transferred'
    and s.admitted_at between e.admitted_at and e.discharged_at + interval 1 day
