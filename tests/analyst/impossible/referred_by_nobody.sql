-- The referring doctor is on a shift at that minute.
select t.transfer_id, t.departed_at from transfers t
where transfer_date > (select min(transfer_date) from transfers)
    and not exists (
        select 1 from staff_assignments s
        where s.doctor_id = t.referring_doctor_id and s.work_date between t.transfer_date - 1 and t.transfer_date
            and s.starts_at <= t.departed_at and s.ends_at > t.departed_at
    )
