-- Every slot has three transfers.
with slots as (
    select day, slot from (select distinct census_date as day from patients), range(1, 6) as slots(slot)
)
select slots.day, slots.slot from slots left join transfers t on t.transfer_date = day and t.slot = slots.slot
group by all having count(t.transfer_id) <> 3
