update patients
set attending_doctor_id = 1
where encounter_id = a_stay();
