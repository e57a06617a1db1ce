-- At least a quarter of the inpatients who went home are seen in a clinic in the weeks after.
select share from (
    select avg(if(exists (
        select 1 from encounters v where v.person_id = s.person_id and v.encounter_class = 'outpatient'
            and v.admitted_at > s.discharged_at
    ), 1, 0)) as share from stays s
    where s.disposition = 'home' and s.discharged_at < (select min(census_date) + 25 from patients)
) where not coalesce(share > 0.25, false)
