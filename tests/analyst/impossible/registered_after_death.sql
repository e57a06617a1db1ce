-- No file is digitised after its person's death.
select person_id, registration_date, deceased_on from lives where registration_date > deceased_on
