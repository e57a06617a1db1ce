update patients
set admission_type = 'elective'
where encounter_class = 'inpatient';
