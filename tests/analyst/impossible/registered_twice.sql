-- A file is digitised once.
select person_id from people where registration_date = record_date group by person_id having count(*) > 1
