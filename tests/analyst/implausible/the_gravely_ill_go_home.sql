-- Hardly anybody goes home with a stab wound of the chest, a stroke, an infarction or a broken hip.
select share from (
    select avg(if(disposition in ('home', 'left_against_advice'), 1, 0)) as share from encounters
    where encounter_class = 'emergency' and discharged_at is not null
        and regexp_matches(diagnosis_code, '^(S21.9|S31.8|I21|I6[13]|G03|S72.0|S82.2|K35)')
) where not coalesce(share < 0.05, false)
