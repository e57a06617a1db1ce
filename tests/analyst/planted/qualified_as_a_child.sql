update doctors
set years_of_service = years_of_service + 30;
