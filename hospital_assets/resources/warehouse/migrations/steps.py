"""Steps that migrations share."""

from alembic import op

SET_PUBLISHED_ASIDE = (
    "INSERT INTO hospital.set_aside_events (stream, event_id, topic_id, partition, end_offset)"
    " SELECT DISTINCT stream, event_id, topic_id, partition, next_offset"
    " FROM (SELECT stream, unnest(event_ids) AS event_id FROM hospital.published_slots) AS ours"
    " JOIN hospital.stream_offsets USING (stream)"
    " ON CONFLICT (stream, event_id, topic_id, partition)"
    " DO UPDATE SET end_offset = excluded.end_offset"
)


def make_days_again(*tables: str) -> None:
    """Empty tables of the simulation, so that their days are made again by it.

    Name every table whose rows the new version makes in another way, those that refer to it, and
    the marts that are counted from it; what was landed stays. The campaign takes the identity of
    the new simulation at the next start, and knows the former one in the lake.
    """
    op.execute(f"TRUNCATE {', '.join(f'hospital.{table}' for table in tables)}")
    op.execute(
        "UPDATE hospital.campaign SET fingerprint = '',"
        " former_fingerprints = array_append(former_fingerprints, fingerprint)"
        " WHERE fingerprint <> ''"
    )


def set_published_aside() -> None:
    """Have a start over leave out what was published by now: the simulation makes other events.

    What was landed stays until then.
    """
    op.execute(SET_PUBLISHED_ASIDE)
