-- Some members of staff are patients in a bed.
select count(*) from stays join (select distinct person_id from staff_assignments) using (person_id)
having count(*) = 0
