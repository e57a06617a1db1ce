-- Who is transferred by the census is among the transfers.
select encounter_id from encounters e
where disposition = 'transferred' and not exists (select 1 from transfers t where t.encounter_id = e.encounter_id)
