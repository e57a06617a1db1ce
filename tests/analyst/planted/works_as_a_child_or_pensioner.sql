update people
set date_of_birth = '1950-01-01'
where person_id = (select min(person_id) from staff_assignments);
