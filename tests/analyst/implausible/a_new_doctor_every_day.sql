-- Whoever stays for four days or more has one doctor on nearly half of them, weekends too.
select share from (
    select sum(most) / sum(days) as share from (
        select encounter_id, max(n) as most, sum(n) as days from (
            select encounter_id, attending_doctor_id, count(*) as n from patients
            where encounter_class = 'inpatient' group by all
        ) group by encounter_id having sum(n) >= 4
    )
) where not coalesce(share > 0.45, false)
