-- Staff are 18 to 64 years old, to the day.
select s.staff_id, s.work_date from staff_assignments s join lives using (person_id)
where work_date < date_of_birth + interval 18 years or work_date > date_of_birth + interval 65 years
