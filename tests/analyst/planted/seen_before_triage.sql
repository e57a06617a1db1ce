update patients
set seen_at = triaged_at - interval 1 minute
where triage is not null;
