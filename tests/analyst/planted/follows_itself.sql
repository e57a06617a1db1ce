update patients
set preceding_encounter_id = encounter_id
where encounter_id = a_stay();
