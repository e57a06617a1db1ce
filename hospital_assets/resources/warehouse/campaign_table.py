"""The stored campaign: the one row of `hospital.campaign`."""

from datetime import UTC
from typing import Any

from psycopg import sql

from hospital_assets.calendar.clock import Campaign, Pace
from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA

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
    connection.execute(INSERT + sql.SQL("DO NOTHING"), _values(campaign))
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
        _values(campaign),
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
    return Campaign(epoch.astimezone(UTC), Pace(tick_seconds, campaign_days), fingerprint)


def former_fingerprints(connection: Connection) -> set[str]:
    """The fingerprints that the stored campaign had in earlier versions."""
    row = connection.execute(sql.SQL("SELECT former_fingerprints FROM {}").format(TABLE)).fetchone()
    return set(row[0]) if row else set()


def _values(campaign: Campaign) -> dict[str, Any]:
    return {
        "epoch": campaign.epoch,
        "tick_seconds": campaign.pace.tick_seconds,
        "campaign_days": campaign.pace.campaign_days,
        "fingerprint": campaign.fingerprint,
    }
