-- Arrival, triage, first sight, decision and departure follow each other.
select encounter_id from encounters
where encounter_class = 'emergency' and (
    triaged_at < admitted_at or seen_at < triaged_at or decided_at < seen_at or discharged_at < decided_at
)
