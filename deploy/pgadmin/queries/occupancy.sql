-- How full each department is at the end of each day.
SELECT flow_date, department, census, beds, percent
FROM hospital.occupancy
ORDER BY flow_date DESC, department
LIMIT 500;
