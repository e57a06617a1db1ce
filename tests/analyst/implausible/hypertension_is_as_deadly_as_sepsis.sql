-- Sepsis kills at least three times as often as hypertension.
select sepsis, hypertension from (
    select avg(if(disposition = 'died', 1, 0)) filter (diagnosis_code like 'A41%') as sepsis,
        avg(if(disposition = 'died', 1, 0)) filter (diagnosis_code like 'I1%') as hypertension
    from stays where department = 'Medicine' and discharged_at is not null
) where not coalesce(sepsis > 0.08 and sepsis > 3 * hypertension, false)
