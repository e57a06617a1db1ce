"""The campaign is pinned once, and every process keeps to it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hospital_assets.calendar.clock import Campaign, Pace
from hospital_assets.resources.warehouse.resource import Warehouse

EPOCH = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=UTC)
CAMPAIGN = Campaign(EPOCH, Pace(900.0), "seed 1")


def test_no_campaign_is_stored_before_the_first_start(warehouse: Warehouse) -> None:
    assert warehouse.campaign() is None


def test_the_first_campaign_stays(warehouse: Warehouse) -> None:
    later = replace(CAMPAIGN, epoch=EPOCH + timedelta(days=1), pace=Pace(900.0, 9.0))

    assert warehouse.pin_campaign(CAMPAIGN) == CAMPAIGN
    assert warehouse.pin_campaign(later) == CAMPAIGN
    assert warehouse.campaign() == CAMPAIGN


def test_pinning_again_replaces_the_campaign(warehouse: Warehouse) -> None:
    later = replace(CAMPAIGN, pace=Pace(2.5, 9.0), fingerprint="seed 2")
    warehouse.pin_campaign(CAMPAIGN)

    assert warehouse.repin(later) == later
    assert warehouse.campaign() == later


def test_the_epoch_is_the_same_instant_in_utc_wherever_it_came_from(warehouse: Warehouse) -> None:
    elsewhere = replace(CAMPAIGN, epoch=EPOCH.astimezone(timezone(timedelta(hours=2))))
    stored = warehouse.pin_campaign(elsewhere)

    assert stored.epoch == EPOCH
    assert stored.epoch.utcoffset() == timedelta(0)


def test_processes_that_pin_at_once_agree(warehouse: Warehouse) -> None:
    offers = [replace(CAMPAIGN, fingerprint=f"seed {n}") for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(warehouse.pin_campaign, offers))

    assert len(set(answers)) == 1
    assert warehouse.campaign() == answers[0]
