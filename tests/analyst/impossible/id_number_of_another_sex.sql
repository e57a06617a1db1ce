-- The seventh digit of an ID number is below 5 for women and not for men.
select person_id, id_number, sex from lives
where id_number is not null and (substr(id_number, 7, 1) < '5') <> (sex = 'female')
