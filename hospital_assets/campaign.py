"""The campaign of a database: it holds one simulation, digitised at one pace.

The first process to get here makes the schema and pins the campaign; every later one checks that it
is about the same hospital.
"""

from dataclasses import dataclass
from datetime import datetime

from hospital_assets.calendar.clock import Campaign, Pace, at_another_pace, first_campaign
from hospital_assets.calendar.period import Period
from hospital_assets.errors import HospitalError
from hospital_assets.resources.warehouse.resource import Warehouse


class OtherHospitalError(HospitalError):
    """The database holds the records of a hospital with another seed, profile or parameters."""

    def __init__(self, stored: str, own: str) -> None:
        super().__init__(
            f"the database holds hospital {stored}, these settings make hospital {own}:"
            " restore seed, profile and configs, or use another database and lake"
            " (HOSPITAL_STATE and HOSPITAL_LAKE)"
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
    if campaign.fingerprint != plan.fingerprint:
        raise OtherHospitalError(campaign.fingerprint, plan.fingerprint)
    if campaign.pace != plan.pace:
        return warehouse.repin(at_another_pace(campaign, plan.period, instant, plan.pace))
    return campaign
