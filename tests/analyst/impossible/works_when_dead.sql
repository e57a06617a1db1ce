-- The dead don't work.
select s.staff_id, s.work_date from staff_assignments s join lives using (person_id)
where s.work_date > deceased_on
