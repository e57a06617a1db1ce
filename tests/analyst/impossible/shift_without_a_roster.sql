-- A doctor who works is in post on that day, in the grade of the post; seniors stand in for seniors.
select s.doctor_id, s.work_date from staff_assignments s
left join doctors d on d.doctor_id = s.doctor_id and d.roster_date = s.work_date
where s.role = 'doctor' and (
    d.doctor_id is null
    or (s.arrangement = 'rostered' and d.grade <> s.grade)
    or (d.grade in ('consultant', 'specialist')) <> (s.grade in ('consultant', 'specialist'))
)
