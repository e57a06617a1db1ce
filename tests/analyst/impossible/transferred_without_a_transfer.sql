-- Whose stay ends with a transfer by the census is among the transfers.
select encounter_id from stays s
where disposition = 'transferred' and not exists (select 1 from transfers t where t.encounter_id = s.encounter_id)
