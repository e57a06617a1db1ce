update patients
set triage = 'red'
where encounter_id = a_stay();
