update absences
set staff_id = (select min(staff_id) from staff_assignments s where s.work_date = absences.absence_date)
where absence_id = (select min(absence_id) from absences where staff_id is not null);
