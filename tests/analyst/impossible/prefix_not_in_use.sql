-- Phone numbers have a mobile prefix that is in use.
select person_id, phone from lives
where not regexp_matches(phone, '^(06[0-9]|07[1-4689]|08[1-4])')
