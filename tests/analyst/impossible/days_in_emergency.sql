-- Nobody is in the emergency department for more than two days.
select encounter_id, admitted_at, discharged_at from encounters
where encounter_class = 'emergency'
    and coalesce(discharged_at, census_date + interval 1 day) > admitted_at + interval 2 days
