update people
set deceased_on = '2022-01-01', registration_date = '2022-01-02'
where person_id = a_person();
