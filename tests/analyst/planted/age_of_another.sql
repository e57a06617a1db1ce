update patients
set age_years = age_years + 1
where encounter_id = a_stay();
