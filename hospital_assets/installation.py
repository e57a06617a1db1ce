"""The installation: one database holds one simulation, at one pace.

The first process to get here makes the schema and pins the campaign; every later one checks that it
is about the same hospital.
"""

from datetime import datetime

from hospital_assets.clock import (
    PERIOD,
    Campaign,
    at_another_pace,
    first_campaign,
)
from hospital_assets.errors import HospitalError
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import Settings


class OtherHospitalError(HospitalError):
    """The database holds the records of a hospital with another seed, profile or parameters."""

    def __init__(self, stored: str, own: str) -> None:
        super().__init__(
            f"the database holds hospital {stored}, these settings make hospital {own}:"
            " restore seed, profile and configs, or use another database and lake"
            " (HOSPITAL_STATE and HOSPITAL_LAKE)"
        )


def prepare(
    warehouse: Warehouse, fingerprint: str, settings: Settings, instant: datetime
) -> Campaign:
    """Make sure that schema and campaign exist and fit; return the campaign.

    A changed tick length or number of campaign days takes effect from the instant on. Raises
    OtherHospitalError if the database is about another simulation.
    """
    warehouse.create_schema()
    campaign = warehouse.pin_campaign(
        first_campaign(
            PERIOD,
            instant,
            settings.tick_seconds,
            settings.campaign_days,
            settings.first_start_days,
            fingerprint,
        )
    )
    if campaign.fingerprint != fingerprint:
        raise OtherHospitalError(campaign.fingerprint, fingerprint)
    pace = (settings.tick_seconds, settings.campaign_days)
    if (campaign.tick_seconds, campaign.campaign_days) != pace:
        return warehouse.repin(at_another_pace(campaign, PERIOD, instant, *pace))
    return campaign
