-- Between a person's clinic visits lie odd and even numbers of days.
select share from (
    select avg(if(days % 2 = 0, 1, 0)) as share from (
        select admitted_at::date - lag(admitted_at::date) over (partition by person_id order by admitted_at) as days
        from encounters where encounter_class = 'outpatient'
    ) where days > 0
) where share not between 0.4 and 0.6
