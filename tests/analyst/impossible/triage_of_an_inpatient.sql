-- Emergency attendances alone are triaged.
select encounter_id from encounters where encounter_class <> 'emergency' and triage is not null
