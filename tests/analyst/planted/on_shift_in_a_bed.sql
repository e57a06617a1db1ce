update staff_assignments
set person_id = (
    select person_id from patients
    where bed is not null and admitted_at < '2023-12-02' and discharged_at > '2023-12-04'
    order by all limit 1
)
where work_date = '2023-12-03';
