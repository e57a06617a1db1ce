-- Of adult citizens, the ID number of 1 to 10 per cent is not known.
select share from (
    select avg(if(id_number is null, 1, 0)) as share
    from lives
    where citizenship = 'citizen' and date_diff('year', date_of_birth, record_date) > 18
) where share not between 0.01 and 0.10
