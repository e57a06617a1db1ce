update patients
set disposition = 'died'
where encounter_id = a_stay_that_ended() and discharged_at is not null;
