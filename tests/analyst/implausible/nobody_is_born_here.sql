-- Nearly every delivery has a person who is recorded on the day of birth.
select newborns, deliveries from (
    select count(distinct person_id) as newborns from people where date_of_birth = record_date
), (
    select count(*) as deliveries from stays
    where regexp_matches(diagnosis_code, '^O8[0-4]') and admitted_at::date >= (select min(census_date) from patients)
)
where newborns < 0.9 * deliveries
