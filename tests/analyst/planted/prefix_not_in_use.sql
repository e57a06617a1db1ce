update people
set phone = '0751234567'
where person_id = a_person();
