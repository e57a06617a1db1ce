update absences
set staff_id = (select min(staff_id) from absences);
