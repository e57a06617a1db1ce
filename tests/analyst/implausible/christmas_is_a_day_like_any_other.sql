-- From 25 to 28 December at most 0.97 of the beds of early December are taken.
select christmas, before from (
    select sum(census) filter (flow_date between '2023-12-25' and '2023-12-28') / 4 as christmas,
        sum(census) filter (flow_date between '2023-12-05' and '2023-12-14') / 10 as before
    from patient_flow
) where not coalesce(christmas < 0.97 * before, false)
