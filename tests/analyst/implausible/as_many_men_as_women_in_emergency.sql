-- Of the emergency attendances, 52 to 60 per cent are men's.
select share from (
    select avg(if(sex = 'male', 1, 0)) as share from encounters join lives using (person_id)
    where encounter_class = 'emergency'
) where share not between 0.51 and 0.61
