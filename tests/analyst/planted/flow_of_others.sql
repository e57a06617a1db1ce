update patient_flow
set deaths = deaths + 1
where department = 'ICU' and flow_date = '2023-12-04';
