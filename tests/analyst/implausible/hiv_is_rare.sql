-- Of the stays of Medicine, 28 to 55 per cent have HIV among their diagnoses.
select share from (
    select avg(if(exists (
        select 1 from coded d where d.encounter_id = s.encounter_id and regexp_matches(d.code, '^(B2[0-4]|Z21)')
    ), 1, 0)) as share from stays s where department = 'Medicine'
) where share not between 0.28 and 0.55
