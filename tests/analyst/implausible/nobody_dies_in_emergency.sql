-- Some die in the emergency department.
select deaths from (
    select count(*) filter (disposition = 'died') as deaths from encounters where encounter_class = 'emergency'
) where deaths = 0
