-- Nobody is the own mother or next of kin.
select person_id from lives where person_id in (mother_id, next_of_kin_id)
