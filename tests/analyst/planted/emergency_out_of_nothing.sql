delete from patients
where encounter_class = 'emergency';
