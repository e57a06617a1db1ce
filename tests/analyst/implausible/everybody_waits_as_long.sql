-- Who is triaged green waits at least three times as long as who is triaged orange.
select green, orange from (
    select median(epoch(seen_at - admitted_at)) filter (triage = 'green') as green,
        median(epoch(seen_at - admitted_at)) filter (triage = 'orange') as orange
    from encounters where encounter_class = 'emergency'
) where not coalesce(green > 3 * orange, false)
