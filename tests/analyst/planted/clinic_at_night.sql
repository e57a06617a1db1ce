update patients
set admitted_at = admitted_at::date + interval 3 hours
where encounter_id = a_visit();
