-- Departments whose census we count otherwise than the hospital's own mart does.
select flow.flow_date, flow.department, flow.census, census.patients
from {{ source('hospital', 'patient_flow') }} as flow
left join {{ ref('census') }} as census
    on census.census_date = flow.flow_date and census.department = flow.department
where flow.census <> coalesce(census.patients, 0)
