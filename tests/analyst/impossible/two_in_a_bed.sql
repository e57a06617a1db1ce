-- At the end of a day no bed has two patients.
select census_date, bed from patients where bed is not null and discharged_at is null
group by all having count(*) > 1
