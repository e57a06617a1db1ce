update bed_movements
set started_at = '2020-01-01 00:00:00'
where encounter_id = a_stay();
