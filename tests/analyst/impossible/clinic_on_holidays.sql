-- No clinic is held on a public holiday.
select encounter_id, admitted_at from encounters
where encounter_class = 'outpatient' and admitted_at::date in (select day from public_holidays)
