-- No doctor sees more than 45 patients of clinics on a day.
select census_date, attending_doctor_id, count(*) as patients from patients
where encounter_class = 'outpatient' group by all having count(*) > 45
