-- An injury has its external cause second.
select a.encounter_id from diagnoses a left join diagnoses b
    on b.encounter_id = a.encounter_id and b.census_date = a.census_date and b.sequence = 2
where a.sequence = 1 and regexp_matches(a.icd10_code, '^(S|T[0-7])')
    and not coalesce(regexp_matches(b.icd10_code, '^[VWXY]'), false)
