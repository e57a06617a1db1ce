"""The command `hospital report`, run as a user runs it: one file, and nothing from elsewhere."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import (
    fingerprint,
)
from hospital_assets.configuration.scorecard_targets import load_targets
from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.operations.reporting import Reporting
from hospital_assets.registry import IN_BATCH_LAKE, REGISTRY, make_extracts, registration
from hospital_assets.resources.lake.resource import Lake
from tests.commands import hospital_in
from tests.hospitals import small_hospital

DAYS = Period(date(2023, 5, 30), date(2023, 6, 2))
MOST_BYTES = 3_000_000


class Page(HTMLParser):
    """What a page is made of: its elements, its text, and whatever it would fetch."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element, and note what it would fetch."""
        self.tags.append(tag)
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        """Take a text."""
        self.text += data


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a few days around the end of a month."""
    folder = tmp_path_factory.mktemp("report")
    file = folder / "report.html"
    result = hospital_in(folder)(
        "report", str(DAYS.first_day), str(DAYS.last_day), "--out", str(file)
    )
    assert result.returncode == 0, result.stderr
    assert f"Wrote the report of {DAYS} to {file}" in result.stdout
    assert {one.name for one in folder.iterdir()} <= {"report.html", "state"}
    assert file.stat().st_size < MOST_BYTES
    return file.read_text(encoding="utf-8")


def test_the_page_needs_nothing_from_elsewhere(content: str) -> None:
    page = Page(content)
    assert "script" not in page.tags
    assert page.fetched == []
    assert not re.search(r"url\(\s*['\"]?http|@import", content)


def test_the_page_shows_pictures_records_and_the_scorecard(content: str) -> None:
    page = Page(content)
    assert page.tags.count("svg") >= 12
    for title in (
        "Patients in beds at midnight",
        "Arrivals by weekday and hour",
        "Who works the planned shifts",
        "Admissions a day for four illnesses",
        "Lines of the scorecard",
    ):
        assert title in page.text
    grains = {row.name: row.contract.grain.removeprefix("One row is ") for row in REGISTRY}
    assert all(name in page.text and grain in page.text for name, grain in grains.items())
    assert "4 days were computed by the simulation" in page.text


def test_days_in_the_lake_are_read_and_give_the_same_figures(tmp_path: Path) -> None:
    hospital = small_hospital()
    targets, lake = load_targets(ROOT / "configs"), Lake(str(tmp_path))
    may = Period(DAYS.first_day, date(2023, 5, 31))
    computed = _page(Reporting(hospital, lake, targets))
    frames = make_extracts(hospital, may)
    frames |= {TRANSFERS.name: registration(TRANSFERS).rows(hospital, may, {})}
    frames |= {PATIENT_FLOW.name: registration(PATIENT_FLOW).rows(hospital, may, frames)}
    for row in IN_BATCH_LAKE:
        lake.write(row.contract, frames[row.name], fingerprint(hospital))
    read = _page(Reporting(hospital, lake, targets))
    assert "2 days were read from the lake and 2 days were computed" in read
    assert _without_sources(read) == _without_sources(computed)


@pytest.mark.parametrize(
    ("arguments", "expectation"),
    [
        (["2023-06-02", "2023-05-30"], "the range is reversed"),
        (["2019-01-01"], "outside the period"),
        (["2023-06-01", "--out", "nowhere/report.html"], "nowhere is no folder"),
    ],
)
def test_what_can_not_be_reported_is_refused_in_one_line(
    arguments: list[str], expectation: str, tmp_path: Path
) -> None:
    result = hospital_in(tmp_path)("report", *arguments)
    assert result.returncode != 0
    assert len(result.stderr.splitlines()) == 1
    assert expectation in result.stderr


def _page(reporting: Reporting) -> str:
    list(reporting.look_at(DAYS))
    return reporting.page()


def _without_sources(page: str) -> str:
    return re.sub(r"<p>[^<]*days were[^<]*</p>", "", page)
