update patients
set admitted_at = admitted_at - interval 3 days
where encounter_class = 'emergency';
