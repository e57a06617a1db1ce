-- A doctor who works is in post on that day, with the same grade.
select s.doctor_id, s.work_date from staff_assignments s
left join doctors d on d.doctor_id = s.doctor_id and d.roster_date = s.work_date
where s.role = 'doctor' and (d.doctor_id is null or d.grade <> s.grade)
