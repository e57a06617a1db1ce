-- Of stabbings and shootings, 35 to 60 per cent are at weekends.
select share from (
    select avg(if(isodow(admitted_at) >= 6, 1, 0)) as share from coded
    where encounter_class = 'emergency' and regexp_matches(code, '^X9[3-59]')
) where share not between 0.35 and 0.60 or share is null
