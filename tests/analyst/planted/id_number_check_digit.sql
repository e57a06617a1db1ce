update people
set id_number = left(id_number, 12) || (right(id_number, 1)::int + 1) % 10
where person_id = a_person();
