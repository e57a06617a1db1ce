update people
set next_of_kin_id = person_id
where person_id = a_person();
