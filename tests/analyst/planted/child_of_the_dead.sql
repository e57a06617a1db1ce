update people
set deceased_on = '1990-01-01', date_of_birth = '1960-01-01'
where person_id in (select mother_id from people where date_of_birth > '1991-01-01');
