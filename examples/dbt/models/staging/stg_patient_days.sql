-- One row is an encounter on a day; a bed counts if somebody lies in it at the end of the day.
select
    census_date,
    encounter_id,
    person_id,
    encounter_class,
    department,
    bed is not null and discharged_at is null as in_bed,
    diagnosis_code,
    admitted_at,
    discharged_at,
    disposition
from {{ source('hospital', 'patients') }}
