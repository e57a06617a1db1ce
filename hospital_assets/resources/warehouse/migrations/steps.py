"""Steps that migrations share."""

from alembic import op


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
