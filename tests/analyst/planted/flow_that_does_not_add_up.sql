update patient_flow
set admissions = admissions + 1
where department = 'ICU' and flow_date = '2023-12-04';
