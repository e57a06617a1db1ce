update people set deceased_on = record_date - 1
where person_id = (
    select person_id from people group by all having count(*) > 2 order by all limit 1
);
