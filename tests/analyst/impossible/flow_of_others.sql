-- The mart's census and deaths are those of the beds of the patients.
select flow_date from (
    select flow_date, sum(census) as census, sum(deaths) as deaths from patient_flow group by all
) f join (
    select census_date, count(*) filter (bed is not null and discharged_at is null) as census,
        count(*) filter (bed is not null and disposition = 'died') as deaths
    from patients group by all
) p on flow_date = census_date
where f.census <> p.census or f.deaths <> p.deaths
