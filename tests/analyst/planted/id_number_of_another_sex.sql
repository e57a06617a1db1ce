update people
set sex = if(sex = 'male', 'female', 'male')
where person_id = a_person();
