-- What the checks look at beside the records themselves.

-- Each person, as last recorded.
create or replace table lives as
select * from people qualify row_number() over (partition by person_id order by record_date desc) = 1;

-- Each encounter, as last known; stays are those in beds.
create or replace table encounters as
select * from patients qualify row_number() over (partition by encounter_id order by census_date desc) = 1;

create or replace view stays as from encounters where encounter_class = 'inpatient';
