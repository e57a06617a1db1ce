-- A doctor in post was hired before.
select doctor_id, roster_date, hire_date from doctors where hire_date > roster_date
