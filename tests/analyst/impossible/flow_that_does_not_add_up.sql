-- A day's census is that of the day before with admissions and without discharges.
with days as (
    select flow_date, sum(census) as census, sum(admissions) - sum(discharges) as moved from patient_flow group by all
)
select later.flow_date from days later join days earlier on later.flow_date = earlier.flow_date + 1
where later.census <> earlier.census + later.moved
