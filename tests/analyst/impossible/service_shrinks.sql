-- Years of service don't fall.
select a.doctor_id from doctors a join doctors b using (doctor_id, person_id)
where b.roster_date > a.roster_date and b.years_of_service < a.years_of_service
