"""The campaign of a database and its lake: they hold one simulation, digitised at one pace.

The first process to get here makes the schema and pins the campaign; every later one checks that it
is about the same hospital. What an earlier version has made of it is brought forward.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from hospital_assets.calendar.clock import Campaign, Pace, at_another_pace, first_campaign
from hospital_assets.calendar.period import Period
from hospital_assets.errors import HospitalError
from hospital_assets.registry import IN_BATCH_LAKE
from hospital_assets.resources.lake.resource import Lake, LakeError
from hospital_assets.resources.warehouse.resource import Warehouse


class OtherHospitalError(HospitalError):
    """Database or lake hold a hospital with another seed, profile or parameters."""

    def __init__(self, place: str, stored: str, own: str) -> None:
        super().__init__(
            f"{place} holds hospital {stored}, these settings make hospital {own}:"
            " restore seed, profile and configs, or use another database and lake"
            " (HOSPITAL_STATE and HOSPITAL_LAKE), or begin anew by `hospital reset`, which removes"
            " our tables, files, topics and history and asks first"
        )


@dataclass(frozen=True)
class CampaignPlan:
    """What a campaign is to be like: its simulation and period, its pace, and how it begins.

    `days_at_once` are due as soon as the first start.
    """

    fingerprint: str
    period: Period
    pace: Pace
    days_at_once: int


def ensure_campaign(warehouse: Warehouse, plan: CampaignPlan, instant: datetime) -> Campaign:
    """Make sure that schema and campaign exist and fit the plan; return the campaign.

    Another pace takes effect from the instant on. Raises OtherHospitalError if the database is
    about another simulation.
    """
    warehouse.create_schema()
    campaign = warehouse.pin_campaign(
        first_campaign(plan.period, instant, plan.pace, plan.days_at_once, plan.fingerprint)
    )
    if not campaign.fingerprint:
        # A migration has brought another model, and emptied the tables that are made by it.
        campaign = warehouse.repin(replace(campaign, fingerprint=plan.fingerprint))
    if campaign.fingerprint != plan.fingerprint:
        raise OtherHospitalError("the database", campaign.fingerprint, plan.fingerprint)
    if campaign.pace != plan.pace:
        return warehouse.repin(at_another_pace(campaign, plan.period, instant, plan.pace))
    return campaign


def ensure_lake(lake: Lake, warehouse: Warehouse, fingerprint: str) -> None:
    """Make sure that the lake is about the campaign's simulation, by the latest day of each record.

    Days that an earlier version has made, of another model or with other columns, count as missing
    from then on, and are made again. The lake's description is written where it lacks or differs.
    Raises OtherHospitalError if it is about another simulation.
    """
    for record in (row.contract for row in IN_BATCH_LAKE):
        # A damaged file is not looked at: whoever reads it finds it, and making the day mends it.
        with suppress(LakeError):
            latest = lake.latest(record)
            if latest is None or lake.is_made_by(record, latest.day, fingerprint):
                continue
            if latest.fingerprint not in {fingerprint, *warehouse.former_fingerprints()}:
                raise OtherHospitalError(f"the lake {lake.root}", latest.fingerprint, fingerprint)
            lake.forget_others(record, fingerprint)
    lake.write_datapackage([row.contract for row in IN_BATCH_LAKE])
