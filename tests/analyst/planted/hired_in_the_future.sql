update doctors
set hire_date = roster_date + 1
where doctor_id = a_doctor();
