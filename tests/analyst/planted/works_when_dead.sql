update people
set deceased_on = '2023-11-30'
where person_id = (select min(person_id) from staff_assignments);
