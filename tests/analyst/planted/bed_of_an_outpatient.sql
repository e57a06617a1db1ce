update patients
set bed = 'ME-001'
where encounter_id = a_visit();
