update patients
set age_years = dayofmonth(census_date)
where encounter_id = a_long_stay();
