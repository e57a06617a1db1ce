-- At most 15 per cent of the doctors are consultants, some are interns.
select consultants, interns from (
    select avg(if(grade = 'consultant', 1, 0)) as consultants, avg(if(grade = 'intern', 1, 0)) as interns from doctors
) where consultants > 0.15 or interns < 0.08
