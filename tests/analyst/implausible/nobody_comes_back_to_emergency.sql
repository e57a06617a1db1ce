-- At least one emergency attendance in twelve is of somebody who was there in these weeks before.
select share from (
    select avg(if(n > 1, 1, 0)) as share from (
        select row_number() over (partition by person_id order by admitted_at) as n from encounters
        where encounter_class = 'emergency'
    )
) where share < 0.05
