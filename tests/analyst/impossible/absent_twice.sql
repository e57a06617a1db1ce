-- A day's absence has one reason.
-- needs: absences.absence_date
select staff_id, absence_date from absences group by all having count(*) > 1
