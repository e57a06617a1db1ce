"""Transfers: how many, when, and who comes back."""

from datetime import timedelta

import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence, minutes
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import Measured, mean, share, share_of

_COME_BACK_WITHIN = 90
_DAYTIME = pl.col("departed_at").dt.hour().is_between(7, 18)


def _whole_slots(seen: Evidence) -> Measured | None:
    """Return the share of all slots that have as many transfers as they should."""
    slots = seen.tables["transfers"].group_by("transfer_date", "slot").len()
    wanted = int((slots["len"] == seen.facts.per_slot).sum())
    return share(wanted, seen.days.length * seen.facts.slots_per_day)


def _by_day(priority: str) -> pl.Expr:
    return pl.col("priority").cast(pl.String) == priority


def _in_census(seen: Evidence) -> Measured | None:
    """Return the share of transfers that are a discharge of their minute in `patients`."""
    ends = seen.encounters.filter(pl.col("disposition") == "transferred").select(
        "encounter_id", departed_at="discharged_at"
    )
    transfers = seen.tables["transfers"]
    agreed = transfers.join(ends, on=["encounter_id", "departed_at"], how="semi").height
    return share(agreed, transfers.height)


def _back(seen: Evidence) -> Measured | None:
    followed = seen.days.last_day - timedelta(days=_COME_BACK_WITHIN)
    stays = seen.stays.filter(
        pl.col("disposition") == "transferred", pl.col("discharged_at").dt.date() <= followed
    )
    away = minutes(pl.col("next_at") - pl.col("discharged_at")) / 1440
    return share_of(stays, away <= _COME_BACK_WITHIN)


MEASURES = (
    Measure("whole_slots", _whole_slots),
    Measure("transfers_in_census", _in_census),
    Measure(
        "routine_by_day",
        lambda seen: share_of(seen.tables["transfers"].filter(_by_day("routine")), _DAYTIME),
    ),
    Measure(
        "emergent_by_day",
        lambda seen: share_of(seen.tables["transfers"].filter(_by_day("emergent")), _DAYTIME),
    ),
    Measure("transferred_come_back", _back),
    Measure(
        "facility_known",
        lambda seen: share_of(
            seen.stays.filter(pl.col("disposition") == "transferred"),
            pl.col("facility_code").is_not_null(),
        ),
    ),
    Measure(
        "stay_of_transferred",
        lambda seen: mean(seen.stays.filter(pl.col("disposition") == "transferred")["length"]),
    ),
)
