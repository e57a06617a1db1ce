"""A walk over the page as somebody does who sees it for the first time, in this order.

`make test-page` needs Chromium on PATH. The last step writes the picture in the README.
"""

from datetime import date, timedelta

import pytest

from hospital_assets.configuration.settings import ROOT
from hospital_assets.jobs import ALL_ASSETS
from tests.walk.conftest import LAST_DAY
from tests.walk.visitor import Visitor

pytest.importorskip("playwright.sync_api", reason="of `make test-page`")

pytestmark = pytest.mark.page

PICTURE = ROOT / "docs" / "lineage.png"
PICTURE_BYTES = 600_000
OUTSIDE = ("configs", "simulation", "dead_letters")
GROUPS = ("1_simulation", "2_lake", "3_warehouse", "4_stream", "5_mart")
PERIOD = (date.fromisoformat(LAST_DAY) - date(2020, 12, 1)).days + 1
BACKFILLED = f"[{date.fromisoformat(LAST_DAY) - timedelta(days=9)}...{LAST_DAY}]"
# What nobody has made yet: the clock comes to it a day each quarter of an hour.
A_DAY, ANOTHER_DAY = "2020-12-15", "2020-12-17"
FIRST_WEEK = 7
_EDGES = """
{ assetNodes { assetKey { path } dependencyKeys { path } } }
"""


def test_no_dialog_stands_in_the_way(visitor: Visitor) -> None:
    visitor.open("/asset-groups", GROUPS[0])
    visitor.tab.wait_for_timeout(5000)
    assert visitor.tab.get_by_role("dialog").count() == 0
    assert not visitor.shows("Join the Dagster community")


def test_the_lineage_shows_every_asset_and_edge(visitor: Visitor) -> None:
    visitor.opens_every_group()
    for group in GROUPS:
        visitor.sees(group)
    names = [key.path[-1] for key in ALL_ASSETS] + [*OUTSIDE]
    for name in names:
        visitor.sees(name)
    nodes = visitor.page.ask(_EDGES)["assetNodes"]
    assert len(nodes) == len(names)
    edges = sum(len(node["dependencyKeys"]) for node in nodes)
    visitor.waits(lambda: visitor.edges() == edges, f"{edges} edges")


def test_a_day_that_is_picked_is_made_by_clicks(visitor: Visitor) -> None:
    visitor.open("/assets/people", "Description")
    visitor.click("Materialize")
    (run,) = visitor.launches(A_DAY, "Launch 1 run")
    visitor.reaches(run, "Success")
    visitor.open(f"/assets/people?view=partitions&partition={A_DAY}", "Materialized")


def test_a_day_that_failed_is_seen_as_failed_and_healed_by_a_click(visitor: Visitor) -> None:
    visitor.open("/assets/doctors", "Description")
    visitor.click("Materialize")
    (failed,) = visitor.launches(ANOTHER_DAY, "Launch 1 run")
    visitor.reaches(failed, "Failure")
    visitor.sees_like(f"materialize people for {ANOTHER_DAY} first")
    visitor.open("/assets/doctors?view=partitions", "Failed (1)")

    visitor.open("/assets/people", "Description")
    visitor.click("Materialize")
    (mended,) = visitor.launches(ANOTHER_DAY, "Launch 1 run")
    visitor.reaches(mended, "Success")

    visitor.open(f"/runs/{failed}", "Failure")
    before = visitor.runs()
    visitor.click("Re-execute")
    visitor.waits(lambda: bool(visitor.runs() - before), "the run that heals it")
    (healed,) = visitor.runs() - before
    visitor.reaches(healed, "Success")
    visitor.open("/assets/doctors?view=partitions", "Failed (0)")


def test_a_day_shows_its_rows_figures_and_first_rows(visitor: Visitor) -> None:
    visitor.open("/assets/patients?view=partitions&partition=2020-12-03", "Materialized")
    for label in ("dagster/row_count", "dagster/size_bytes", "census", "deaths", "sha256"):
        visitor.sees(label)
    visitor.tab.get_by_text("[Show Markdown]").first.click()
    visitor.sees("encounter_id")


def test_an_asset_says_what_it_is_where_it_lies_and_how_much(visitor: Visitor) -> None:
    visitor.open("/assets/patients", "Description")
    visitor.sees_like("One row is an encounter active on the day")
    visitor.sees_like(r"lake/batch/patients/parquet$")
    for title in ("Row count", "Storage", "Owners", "Kinds", "Source code", "Columns"):
        visitor.sees(title)


def test_the_checks_of_an_asset_have_passed(visitor: Visitor) -> None:
    visitor.open("/assets/patients?view=checks", "one_patient_a_bed")
    visitor.sees("Passed")
    visitor.open("/assets/warehouse/patients?view=checks", "rows_as_in_the_file")
    visitor.sees("Passed")
    visitor.open("/assets/transfers?view=checks", "published_events_are_landed")
    visitor.sees("Passed")


def test_the_next_tick_of_schedule_and_sensor_is_shown(visitor: Visitor) -> None:
    for place in ("schedules/batch_schedule", "sensors/transfer_sensor"):
        visitor.open(f"/locations/hospital/{place}", "Next tick")
        visitor.sees_like(r"^[A-Z][a-z]{2} \d+, \d+:\d\d:\d\d [AP]M")


def test_the_figures_are_plotted_over_time(visitor: Visitor) -> None:
    visitor.open("/assets/patients", "Metadata")
    visitor.click("Plots")
    visitor.tab.get_by_role("button", name="Events").last.click()
    visitor.sees("census")
    visitor.sees("occupancy_percent")
    visitor.tab.locator("canvas").first.wait_for()


def test_ten_days_of_everything_are_made_by_one_backfill(visitor: Visitor) -> None:
    visitor.open("/asset-groups", GROUPS[0])
    visitor.click("Materialize all")
    visitor.launches(BACKFILLED, "Launch backfill")
    for key in ALL_ASSETS:
        place = "/".join(key.path)
        visitor.open(f"/assets/{place}?view=partitions", f"Materialized ({PERIOD})")
        visitor.sees("Failed (0)")


def test_the_lineage_is_worth_a_picture(visitor: Visitor) -> None:
    visitor.opens_every_group()
    visitor.waits(lambda: visitor.green_assets() == len(ALL_ASSETS), "every asset to be green")
    visitor.takes_a_picture(PICTURE)
    assert PICTURE.stat().st_size <= PICTURE_BYTES
