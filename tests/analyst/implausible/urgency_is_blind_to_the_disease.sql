-- Most infarctions are triaged red or orange.
select share from (
    select avg(if(triage in ('red', 'orange'), 1, 0)) as share from encounters
    where encounter_class = 'emergency' and diagnosis_code like 'I21%'
) where not coalesce(share > 0.6, false)
