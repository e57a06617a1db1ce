update bed_movements
set bed = 'ME-000'
where encounter_id = a_stay();
