-- A mother was 11 to 57 years old at the birth.
select child.person_id, mother.person_id from lives child join lives mother on child.mother_id = mother.person_id
where date_diff('year', mother.date_of_birth, child.date_of_birth) not between 11 and 57 or mother.sex = 'male'
