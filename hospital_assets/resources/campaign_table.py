"""The stored campaign: the one row of `hospital.campaign`."""

from dataclasses import asdict
from datetime import UTC

from psycopg import sql

from hospital_assets.clock import Campaign
from hospital_assets.resources.loading import Connection
from hospital_assets.resources.schema import SCHEMA

TABLE = sql.Identifier(SCHEMA, "campaign")
INSERT = sql.SQL(
    "INSERT INTO {} (epoch, tick_seconds, campaign_days, fingerprint) "
    "VALUES (%(epoch)s, %(tick_seconds)s, %(campaign_days)s, %(fingerprint)s) "
    "ON CONFLICT (single) "
).format(TABLE)


def pin(connection: Connection, campaign: Campaign) -> Campaign:
    """Store `campaign` unless one is stored; return the stored one."""
    # Asked first, since most who start may read it and not write it.
    known = stored(connection)
    if known is not None:
        return known
    connection.execute(INSERT + sql.SQL("DO NOTHING"), asdict(campaign))
    return stored(connection) or campaign


def replace(connection: Connection, campaign: Campaign) -> Campaign:
    """Store `campaign` in place of any other, and return it."""
    connection.execute(
        INSERT
        + sql.SQL(
            "DO UPDATE SET epoch = excluded.epoch, tick_seconds = excluded.tick_seconds, "
            "campaign_days = excluded.campaign_days, fingerprint = excluded.fingerprint, "
            "pinned_at = now()"
        ),
        asdict(campaign),
    )
    return campaign


def stored(connection: Connection) -> Campaign | None:
    """The stored campaign, or None."""
    row = connection.execute(
        sql.SQL("SELECT epoch, tick_seconds, campaign_days, fingerprint FROM {}").format(TABLE)
    ).fetchone()
    if row is None:
        return None
    epoch, tick_seconds, campaign_days, fingerprint = row
    return Campaign(
        epoch=epoch.astimezone(UTC),
        tick_seconds=tick_seconds,
        campaign_days=campaign_days,
        fingerprint=fingerprint,
    )
