update people
set deceased_on = date_of_birth - 1
where person_id = a_person();
