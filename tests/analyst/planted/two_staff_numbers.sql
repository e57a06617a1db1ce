update staff_assignments
set person_id = 1
where role = 'nurse';
