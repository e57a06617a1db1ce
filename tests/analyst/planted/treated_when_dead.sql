update people
set deceased_on = '2023-11-20'
where person_id = a_person();
