-- An ID number begins with the date of birth.
select person_id, id_number, date_of_birth from lives
where id_number is not null and left(id_number, 6) <> strftime(date_of_birth, '%y%m%d')
