update people
set date_of_birth = record_date + 1
where person_id = a_person();
