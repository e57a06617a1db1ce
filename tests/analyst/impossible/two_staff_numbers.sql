-- A person has one staff number a day.
select work_date, person_id from staff_assignments group by all having count(distinct staff_id) > 1
