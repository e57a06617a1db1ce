-- Clinics begin between 06:00 and 18:00.
select encounter_id, admitted_at from encounters
where encounter_class = 'outpatient' and hour(admitted_at) not between 6 and 17
