delete from staff_assignments
where doctor_id = (select min(attending_doctor_id) from patients where admitted_at::date = '2023-12-04' and census_date = '2023-12-04');
