-- A third or more of the stays move to another bed.
select share from (
    select avg(if(n > 1, 1, 0)) as share from (select encounter_id, max(sequence) as n from bed_movements group by all)
) where share not between 0.25 and 0.55
