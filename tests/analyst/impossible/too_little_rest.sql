-- Between two shifts lie 11 hours.
select staff_id, starts_at from (
    select staff_id, starts_at, lag(ends_at) over (partition by staff_id order by starts_at) as before
    from staff_assignments
) where starts_at < before + interval 11 hours
