-- Of those born here, 60 to 92 per cent are well.
select share from (
    select avg(if(diagnosis_code like 'Z38%', 1, 0)) as share
    from encounters where admission_type = 'newborn'
) where share not between 0.60 and 0.92
