-- An external cause is no main diagnosis.
select encounter_id, diagnosis_code from encounters where regexp_matches(diagnosis_code, '^[VWXY]')
