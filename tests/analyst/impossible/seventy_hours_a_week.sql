-- Nobody works more than 72 hours in seven days.
select staff_id, starts_at from (
    select staff_id, starts_at, sum(epoch(ends_at - starts_at) / 3600) over (
        partition by staff_id order by starts_at range between interval 6 days preceding and current row
    ) as hours from staff_assignments
) where hours > 72
