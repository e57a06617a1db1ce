-- A transfer is a discharge of that minute, from that bed.
select t.transfer_id from transfers t
left join patients p on p.encounter_id = t.encounter_id and p.census_date = t.transfer_date
where p.encounter_id is null or p.person_id <> t.person_id or p.bed <> t.bed or p.department <> t.department
    or p.discharged_at is distinct from t.departed_at or p.disposition <> 'transferred'
