-- The more urgent a patient is, the less likely is the way home; of the red hardly anybody has it.
select triage, share, less_urgent from (
    select
        triage,
        avg(if(disposition in ('home', 'left_against_advice', 'left_unseen'), 1, 0)) as share,
        lead(share) over (order by array_position(['red', 'orange', 'yellow', 'green'], triage)) as less_urgent
    from encounters
    where encounter_class = 'emergency' and discharged_at is not null and triage is not null
    group by triage
) where share >= less_urgent or triage = 'red' and share > 0.15
