-- At least a fifth of the people at one address share a surname.
select share from (
    select avg(if(a.last_name = b.last_name, 1, 0)) as share from lives a join lives b
        using (street_address, suburb, postal_code)
    where a.person_id < b.person_id
) where not coalesce(share > 0.2, false)
