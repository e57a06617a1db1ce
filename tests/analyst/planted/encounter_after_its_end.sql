update patients
set discharged_at = census_date - interval 1 hour
where encounter_id = a_stay();
