-- Nobody works two shifts at once.
select a.staff_id, a.starts_at, b.starts_at
from staff_assignments a join staff_assignments b
    on a.staff_id = b.staff_id and a.assignment_id < b.assignment_id
        and b.work_date between a.work_date - 1 and a.work_date + 1
where a.starts_at < b.ends_at and b.starts_at < a.ends_at
