-- The age is that of the person at admission.
select e.encounter_id, e.age_years from encounters e join lives using (person_id)
where e.age_years <> date_diff('year', date_of_birth, admitted_at::date)
    - if(strftime(admitted_at, '%m%d') < strftime(date_of_birth, '%m%d'), 1, 0)
