update doctors
set years_of_service = 0
where roster_date = '2023-12-08';
