-- Who dies in the campaign is registered by then: later ones are files of those who died before it.
select person_id, registration_date, deceased_on from lives
where registration_date > deceased_on and deceased_on >= '2020-12-01'
