update people
set date_of_birth = date_of_birth - 40
where person_id = a_person();
