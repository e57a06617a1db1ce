-- A mother is alive at the birth.
select child.person_id from lives child join lives mother on child.mother_id = mother.person_id
where mother.deceased_on < child.date_of_birth
