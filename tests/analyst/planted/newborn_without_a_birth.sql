delete from patients
where encounter_id in (
    select m.encounter_id from patients m join people on mother_id = m.person_id
    where m.encounter_class = 'inpatient'
);
