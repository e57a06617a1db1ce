-- Staff by department, role and shift on the latest day.
SELECT department, role, shift, count(*) AS staff
FROM hospital.staff_assignments
WHERE work_date = (SELECT max(work_date) FROM hospital.staff_assignments)
GROUP BY department, role, shift
ORDER BY department, role, shift;
