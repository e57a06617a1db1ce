delete from doctors
where doctor_id = a_doctor();
