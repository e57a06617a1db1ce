-- Whoever stays for four working days after that of admission has one doctor on most of them.
select share from (
    select sum(most) / sum(days) as share from (
        select encounter_id, max(n) as most, sum(n) as days from (
            select encounter_id, attending_doctor_id, count(*) as n from patients
            where encounter_class = 'inpatient' and census_date > admitted_at::date
                and isodow(census_date) <= 5 and census_date not in (select day from public_holidays)
            group by all
        ) group by encounter_id having sum(n) >= 4
    )
) where not coalesce(share > 0.7, false)
