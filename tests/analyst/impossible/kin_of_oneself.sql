-- Nobody is the own mother or next of kin.
-- needs: people.mother_id, people.next_of_kin_id
select person_id from lives where person_id in (mother_id, next_of_kin_id)
