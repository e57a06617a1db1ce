-- Tuberculosis takes at least twice as long as gastroenteritis.
select tuberculosis, gastroenteritis from (
    select median(epoch(discharged_at - admitted_at)) filter (regexp_matches(diagnosis_code, '^(A1[5-9]|B20.0)')) as tuberculosis,
        median(epoch(discharged_at - admitted_at)) filter (diagnosis_code like 'A09%') as gastroenteritis
    from stays where department = 'Medicine'
) where not coalesce(tuberculosis > 2 * gastroenteritis, false)
