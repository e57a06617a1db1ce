-- Nobody has an ID number on the day of birth.
select person_id from people where id_number is not null and record_date = date_of_birth
