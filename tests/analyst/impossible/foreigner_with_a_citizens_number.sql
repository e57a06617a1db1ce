-- Citizens and permanent residents alone have an ID number.
select person_id from lives
where id_number is not null and citizenship not in ('citizen', 'permanent_resident')
