-- Who has no ID number is no citizen.
-- needs: people.citizenship
select person_id from lives where id_number is null and citizenship in ('ZA', 'ZAF', 'South Africa')
