"""What a run of `transfer_events` publishes: what is due, and in a backfill all of its days."""

from datetime import date

import dagster as dg
import pytest

from hospital_assets.assets.event_streams import published_events
from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.resources.stream.published_slots import Slot
from tests.connected import warehouse_at
from tests.hospitals import full_hospital
from tests.stream.sites import Site

LATER = date(2024, 2, 29)
SLOTS: list[Slot] = [(LATER, slot) for slot in range(1, 6)]


@pytest.mark.parametrize(
    ("tags", "config", "left"),
    [
        ({}, {}, SLOTS),
        ({"dagster/backfill": "by-a-click"}, {}, []),
        ({}, {"ahead_of_clock": True}, []),
    ],
)
def test_a_day_that_the_clock_has_not_come_to_is_published_by_a_backfill_alone(
    site: Site, tags: dict[str, str], config: dict[str, bool], left: list[Slot]
) -> None:
    result = dg.materialize(
        [published_events(TRANSFER_STREAM, daily_partitions(full_hospital().period))],
        partition_key=LATER.isoformat(),
        tags=tags,
        run_config={"ops": {"transfer_events": {"config": config}}},
        resources={
            "hospital": full_hospital,
            "streams": {site.kind.name: site.stream},
            "warehouse": warehouse_at(site.url),
        },
    )

    assert result.success
    assert site.stream.unpublished(SLOTS) == left
