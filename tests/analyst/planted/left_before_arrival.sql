update patients
set admitted_at = discharged_at
where encounter_id = a_stay_that_ended();
