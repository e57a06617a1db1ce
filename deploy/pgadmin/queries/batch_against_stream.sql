-- Transfers that one side has and the other has not, of days whose slots are all in. Expected: none.
SELECT coalesce(p.census_date, t.transfer_date) AS day,
       coalesce(p.encounter_id, t.encounter_id) AS encounter_id,
       CASE WHEN t.encounter_id IS NULL THEN 'only in batch' ELSE 'only in stream' END AS problem
FROM (SELECT * FROM hospital.patients
      WHERE encounter_class = 'inpatient' AND disposition = 'transferred') AS p
FULL JOIN hospital.transfers AS t
  ON (t.transfer_date, t.encounter_id) = (p.census_date, p.encounter_id)
WHERE (p.encounter_id IS NULL OR t.encounter_id IS NULL)
  AND coalesce(p.census_date, t.transfer_date) IN (SELECT flow_date FROM hospital.patient_flow)
ORDER BY 1, 2;
