-- One row is an encounter, as its latest day has it.
with latest as (
    select distinct on (encounter_id) *
    from {{ ref('stg_patient_days') }}
    order by encounter_id, census_date desc
)

select
    latest.encounter_id,
    latest.person_id,
    people.sex,
    latest.encounter_class,
    latest.department,
    latest.diagnosis_code,
    latest.admitted_at,
    latest.discharged_at,
    latest.disposition,
    latest.discharged_at - latest.admitted_at as length_of_stay,
    latest.census_date as as_of
from latest
inner join {{ ref('stg_people') }} as people using (person_id)
