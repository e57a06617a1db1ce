update staff_assignments
set starts_at = starts_at - interval 9 hours
where doctor_id = a_doctor();
