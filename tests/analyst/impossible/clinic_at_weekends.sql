-- No clinic is held at a weekend.
select encounter_id, admitted_at from encounters
where encounter_class = 'outpatient' and isodow(admitted_at) >= 6
