update patients
set admission_source = 'emergency'
where bed is not null and admitted_at > '2023-12-05';
