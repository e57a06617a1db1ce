update patients
set disposition = 'admitted'
where encounter_class = 'emergency' and disposition = 'home' and census_date = '2023-12-01';
