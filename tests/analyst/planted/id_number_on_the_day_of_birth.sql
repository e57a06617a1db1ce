update people
set date_of_birth = record_date
where person_id = (select min(person_id) from people where id_number is not null);
