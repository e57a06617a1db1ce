-- Of children under 14 whose mother is next of kin, she is reached by the same phone.
select share from (
    select avg(if(child.phone = mother.phone, 1, 0)) as share
    from people child
    join people mother on mother.person_id = child.next_of_kin_id and mother.record_date = child.record_date
    where child.next_of_kin_relationship = 'mother' and date_diff('year', child.date_of_birth, child.record_date) < 13
) where share < 0.85
