-- In Medicine, 9 to 19 per cent die.
select share from (
    select avg(if(disposition = 'died', 1, 0)) as share from stays
    where department = 'Medicine' and discharged_at is not null
) where share not between 0.09 and 0.19
