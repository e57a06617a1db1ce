-- A woman's deliveries lie ten months apart.
select person_id from (
    select person_id, admitted_at, lag(admitted_at) over (partition by person_id order by admitted_at) as before
    from encounters where regexp_matches(diagnosis_code, '^O8[0-4]')
) where admitted_at < before + interval 300 days
