-- Nobody is recorded before birth.
select person_id, record_date, date_of_birth from people where date_of_birth > record_date
