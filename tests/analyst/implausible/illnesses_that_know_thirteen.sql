-- Burns, abscesses, hernias and tuberculosis are met on both sides of the age of 13.
select illness, child, adult from (
    select illness, count(*) filter (age_years between 5 and 12) as child,
        count(*) filter (age_years between 13 and 20) as adult
    from stays join (values ('T30'), ('L02'), ('K40'), ('A1')) as of(illness)
        on diagnosis_code like illness || '%'
    group by illness
) where (child > 20 and adult * 20 < child) or (adult > 20 and child * 20 < adult)
