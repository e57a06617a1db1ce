update people
set date_of_birth = (select max(date_of_birth) from people)
where person_id in (select mother_id from people);
