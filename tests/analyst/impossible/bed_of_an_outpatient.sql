-- Inpatients have a bed, but newborns in a cot, while the mother is here, and women in labour.
select encounter_id, census_date from patients p join lives using (person_id)
where if(
    encounter_class = 'inpatient',
    bed is null
        and not (admission_type = 'maternity' and census_date <= admitted_at::date + 1)
        and not (admission_type = 'newborn' and exists (
            select 1 from patients m
            where m.census_date = p.census_date and m.person_id = lives.mother_id and m.encounter_class = 'inpatient'
        )),
    bed is not null
)
