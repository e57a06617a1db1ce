-- Nobody dies before birth.
select person_id, date_of_birth, deceased_on from lives where deceased_on < date_of_birth
