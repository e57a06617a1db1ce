-- On a public holiday at most four fifths of the staff of a working day are there.
with days as (
    select work_date, count(*) as shifts, work_date in (select day from public_holidays) as holiday
    from staff_assignments where isodow(work_date) <= 5 group by all
)
select holidays, others from (
    select avg(shifts) filter (holiday) as holidays, avg(shifts) filter (not holiday) as others from days
) where holidays > 0.8 * others
