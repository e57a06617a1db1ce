-- Where violations are planted: some person, doctor, encounter, the same each time.

create macro a_person() as (
    select person_id from patients where bed is not null order by all limit 1
);
create macro a_doctor() as (select min(doctor_id) from staff_assignments);
create macro a_stay() as (select min(encounter_id) from patients where bed is not null);
create macro a_long_stay() as (
    select encounter_id from patients group by all having count(*) > 2 order by all limit 1
);
create macro a_stay_that_ended() as (
    select min(encounter_id) from patients
    where bed is not null and discharged_at is not null and disposition = 'home'
);
create macro a_visit() as (
    select min(encounter_id) from patients where encounter_class = 'outpatient'
);
create macro a_transfer() as (select min(transfer_id) from transfers);
