-- A person keeps name, sex, birth and ID number from day to day.
select person_id from people group by person_id
having count(distinct (first_name, last_name, sex, date_of_birth, id_number)) > 1
