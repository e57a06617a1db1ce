delete from staff_assignments
where department = 'ICU' and work_date = '2023-12-05';
