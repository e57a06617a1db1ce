-- A mother is alive at the birth.
-- needs: people.mother_id
select child.person_id from lives child join lives mother on child.mother_id = mother.person_id
where mother.deceased_on < child.date_of_birth
