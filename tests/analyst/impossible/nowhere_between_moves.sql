-- A stay is always in a bed: each begins when the one before ends.
select encounter_id, started_at from (
    select encounter_id, started_at, lag(ended_at) over (partition by encounter_id order by sequence) as before
    from bed_movements qualify row_number() over (partition by encounter_id, sequence order by census_date desc) = 1
) where started_at <> before
