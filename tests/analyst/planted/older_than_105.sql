update people
set date_of_birth = '1900-01-01'
where person_id = a_person();
