delete from patients
where encounter_id = a_long_stay()
    and census_date > (select min(census_date) from patients where encounter_id = a_long_stay());
