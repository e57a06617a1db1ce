-- No bed has two patients at once.
-- until: bed_movements
select a.encounter_id, b.encounter_id, a.bed from patients a join patients b
    on a.census_date = b.census_date and a.bed = b.bed and a.encounter_id < b.encounter_id
where a.admitted_at < coalesce(b.discharged_at, b.census_date + interval 1 day)
    and b.admitted_at < coalesce(a.discharged_at, a.census_date + interval 1 day)
