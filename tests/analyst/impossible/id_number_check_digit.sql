-- The check digit of an ID number is Luhn's.
with digits as (
    select person_id, place, cast(substr(id_number, place, 1) as int) * if(place % 2 = 0, 2, 1) as digit
    from lives, range(1, 14) as places(place)
    where id_number is not null
)
select person_id from digits
group by person_id having sum(digit - if(digit > 9, 9, 0)) % 10 <> 0
