update diagnoses
set sequence = 29
where encounter_id = a_stay() and sequence = 1;
