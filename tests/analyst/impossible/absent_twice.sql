-- A day's absence has one reason, and nobody is away from two shifts.
select staff_id, absence_date from absences where staff_id is not null group by all having count(*) > 1
