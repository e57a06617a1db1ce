-- No minute of a time in the emergency department has many more patients than the ten around it.
with times as (
    select unnest([
        {'what': 'until seen', 'minutes': date_diff('minute', admitted_at, seen_at)},
        {'what': 'until the decision', 'minutes': date_diff('minute', seen_at, decided_at)},
        {'what': 'until leaving, ' || disposition, 'minutes': date_diff('minute', coalesce(decided_at, admitted_at), discharged_at)},
        {'what': 'in all, ' || disposition, 'minutes': date_diff('minute', admitted_at, discharged_at)}
    ], recursive := true)
    from encounters where encounter_class = 'emergency' and discharged_at is not null
), counted as (
    select what, minutes, count(*) as patients from times where minutes is not null group by all
)
select what, minutes, patients, around from (
    select
        *,
        coalesce(sum(patients) over (
            partition by what order by minutes range between 5 preceding and 5 following exclude current row
        ), 0) / least(10, minutes + 5) as around
    from counted
) where patients > 3 * around + 12
