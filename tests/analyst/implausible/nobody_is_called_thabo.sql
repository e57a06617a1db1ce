-- At least one man in 2,000 is called Thabo.
select share from (
    select avg(if(first_name like 'Thabo%', 1, 0)) as share from lives where sex = 'male' and date_of_birth < '2008-01-01'
) where share < 0.0005
