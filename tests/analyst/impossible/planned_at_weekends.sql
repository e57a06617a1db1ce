-- Nobody is admitted as planned at a weekend or on a public holiday.
select encounter_id, admitted_at from stays
where admission_type = 'elective'
    and (isodow(admitted_at) >= 6 or admitted_at::date in (select day from public_holidays))
