-- A person keeps name, sex and birth from day to day, and the ID number once it is known.
select person_id from people group by person_id
having count(distinct (first_name, last_name, sex, date_of_birth)) > 1
    or count(distinct id_number) > 1
    or min(record_date) filter (id_number is not null) < max(record_date) filter (id_number is null)
