update staff_assignments
set staff_id = 1
where role = 'nurse';
