-- Who has died stays dead, on one date.
select later.person_id, later.record_date from people earlier join people later using (person_id)
where later.record_date > earlier.record_date and later.deceased_on is distinct from earlier.deceased_on
    and earlier.deceased_on is not null
