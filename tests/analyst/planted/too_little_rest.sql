update staff_assignments
set ends_at = ends_at + interval 9 hours
where doctor_id = a_doctor();
