-- The midnight census of a day resembles the day before.
with days as (select flow_date, sum(census) as census from patient_flow group by all)
select memory from (
    select corr(later.census, earlier.census) as memory
    from days later join days earlier on later.flow_date = earlier.flow_date + 1
) where not coalesce(memory > 0.5, false)
