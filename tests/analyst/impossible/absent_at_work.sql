-- Nobody works on a day of absence.
select staff_id, absence_date from absences join staff_assignments using (staff_id)
where work_date = absence_date
