update people
set citizenship = 'foreign_national'
where person_id = (select min(person_id) from people where id_number is not null);
