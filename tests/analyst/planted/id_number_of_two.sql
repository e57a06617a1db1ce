update people
set id_number = (select min(id_number) from people)
where person_id = (select max(person_id) from people);
