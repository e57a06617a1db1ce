-- A stay is in one bed at a time, and a bed has one stay.
with moves as (select * from bed_movements qualify row_number() over (partition by encounter_id, sequence order by census_date desc) = 1)
select a.encounter_id, b.encounter_id from moves a join moves b
    on (a.encounter_id, a.sequence) <> (b.encounter_id, b.sequence) and (a.bed = b.bed or a.encounter_id = b.encounter_id)
where a.started_at < coalesce(b.ended_at, b.census_date + interval 1 day)
    and b.started_at < coalesce(a.ended_at, a.census_date + interval 1 day)
