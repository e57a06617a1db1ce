-- One row is a department on a day, with the patients who lie in its beds at the end.
select
    census_date,
    department,
    count(*) as patients
from {{ ref('stg_patient_days') }}
where in_bed
group by census_date, department
