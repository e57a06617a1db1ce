-- No doctor qualified before the age of 21.
select d.doctor_id, d.roster_date from doctors d join lives using (person_id)
where date_diff('year', date_of_birth, roster_date) - years_of_service < 21
