-- No two hours of the day have an eighth of the deaths.
select share from (
    select count(*) / sum(count(*)) over () as share from stays where disposition = 'died'
    group by hour(discharged_at) // 2
) where share > 0.17 and (select count(*) from stays where disposition = 'died') > 60
