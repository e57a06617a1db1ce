-- A transfer leaves within the fifth of the day that is its slot.
select transfer_id from transfers
where (hour(departed_at) * 60 + minute(departed_at)) // 288 + 1 <> slot or departed_at::date <> transfer_date
