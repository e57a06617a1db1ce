update patients
set bed = (select min(bed) from patients)
where bed is not null;
