-- The bed of the census is that of the day's last movement.
select p.encounter_id, p.census_date from patients p join (
    select * from bed_movements qualify row_number() over (partition by encounter_id, census_date order by sequence desc) = 1
) m using (encounter_id, census_date)
where p.bed <> m.bed or p.department <> m.department
