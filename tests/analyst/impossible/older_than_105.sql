-- Nobody is older than 105 years.
select person_id, date_of_birth from people where date_diff('year', date_of_birth, record_date) > 105
