-- Of stabbings and shootings, at least half are from 18:00 to 06:00.
select share from (
    select avg(if(hour(admitted_at) >= 18 or hour(admitted_at) < 6, 1, 0)) as share from coded
    where encounter_class = 'emergency' and regexp_matches(code, '^X9[3-59]')
) where not coalesce(share >= 0.5, false)
