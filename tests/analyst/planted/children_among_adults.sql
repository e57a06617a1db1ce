update patients
set department = 'Medicine', age_years = 7
where encounter_id = a_stay();
