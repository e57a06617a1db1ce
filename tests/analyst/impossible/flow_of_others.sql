-- The mart's census, discharges and deaths are those of the beds of the patients.
select flow_date from (
    select flow_date, sum(census) as census, sum(discharges) as discharges, sum(deaths) as deaths
    from patient_flow group by all
) f join (
    select census_date, count(*) filter (discharged_at is null) as census,
        count(discharged_at) as discharges, count(*) filter (disposition = 'died') as deaths
    from patients where bed is not null group by all
) p on flow_date = census_date
where (f.census, f.discharges, f.deaths) <> (p.census, p.discharges, p.deaths)
