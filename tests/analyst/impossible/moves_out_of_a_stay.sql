-- Movements lie within their stay, the last ends with it.
select m.encounter_id from bed_movements m left join patients p using (encounter_id, census_date)
where p.encounter_id is null or m.started_at < p.admitted_at or m.ended_at > p.discharged_at
