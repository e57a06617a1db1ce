-- A first name is given to one sex, or to both where it always is.
select share from (
    select avg(if(first_name in ('Bhekizizwe', 'Bhekisisa', 'Dumisani', 'Sipho', 'Themba', 'Bongani'), 1, 0)) as share
    from lives where sex = 'female'
) where share > 0.0002
