-- In Medicine, the mortality from 65 years on is at least one and a half that of 15 to 44.
select old, young from (
    select avg(if(disposition = 'died', 1, 0)) filter (age_years >= 65) as old,
        avg(if(disposition = 'died', 1, 0)) filter (age_years between 15 and 44) as young
    from stays where department = 'Medicine' and discharged_at is not null
) where not coalesce(old > 1.5 * young, false)
