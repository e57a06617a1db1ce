-- Citizens and permanent residents have an ID number, others have none.
select person_id from lives
where (id_number is not null) <> (citizenship in ('citizen', 'permanent_resident'))
