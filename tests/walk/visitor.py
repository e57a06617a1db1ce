"""What somebody does in front of the page: opens it, looks, types and clicks."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hospital_assets.page.client import Page
from tests.patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from playwright.sync_api import Page as Tab

_GRAPH = "svg[class*=AssetGraphExplorer_svgContainer]"
_MARGIN = 16
_COUNT_GREEN = """
selector => [...document.querySelectorAll(selector)].filter(element => {
  const style = getComputedStyle(element);
  const [red, green, blue] = style.borderTopColor.match(/[0-9.]+/g).map(Number);
  return parseFloat(style.borderTopWidth) > 0 && green > red + 60 && green > blue + 40;
}).length
"""
_RUNS = "{ runsOrError { ... on Runs { results { runId assetSelection { path } } } } }"


@dataclass
class Visitor:
    """Somebody with one tab of a browser."""

    tab: "Tab"
    page: Page

    def open(self, path: str, text: str) -> None:
        """Open a place of the page and wait until it says something."""
        self.tab.goto(f"{self.page.url}{path}")
        self.sees(text)

    def sees(self, text: str) -> None:
        """Wait until the page shows exactly this text."""
        self.tab.get_by_text(text, exact=True).first.wait_for()

    def sees_like(self, pattern: str) -> None:
        """Wait until the page shows a text in which the pattern is found."""
        self.tab.get_by_text(re.compile(pattern)).first.wait_for()

    def shows(self, text: str) -> bool:
        """Return whether the page shows exactly this text now."""
        return self.tab.get_by_text(text, exact=True).count() > 0

    def click(self, button: str) -> None:
        """Click the button whose name begins so, once it can be clicked."""
        self.tab.get_by_role("button", name=re.compile(button)).first.click()

    def launches(self, days: str, button: str) -> list[str]:
        """Type days into the dialog that asks for them and launch; return the runs' ids."""
        before = self.runs()
        field = self.tab.get_by_placeholder(re.compile("^ex: "))
        field.fill(days)
        field.press("Enter")
        self.click(button)
        self.waits(lambda: bool(self.runs() - before), "a run")
        return sorted(self.runs() - before)

    def reaches(self, run: str, status: str) -> None:
        """Open a run and wait until the page shows its status."""
        self.open(f"/runs/{run}", status)

    def opens_every_group(self) -> None:
        """Open the lineage, and in it every group of assets, in a window that shows them all."""
        self.tab.set_viewport_size({"width": 2300, "height": 2100})
        self.open("/asset-groups", "1_simulation")
        if not self.shows("bed_movements"):
            self.tab.keyboard.press("Alt+E")
        self.sees("bed_movements")
        # The page chooses its scale when it is opened.
        self.tab.reload()
        self.sees("bed_movements")

    def edges(self) -> int:
        """Return how many arrows between assets are drawn."""
        return self.tab.locator(f"{_GRAPH} path[marker-end]").count()

    def green_assets(self) -> int:
        """Return how many assets have a green border, as those have whose days are all made."""
        return int(self.tab.evaluate(_COUNT_GREEN, f"{_GRAPH} foreignObject *"))

    def takes_a_picture(self, file: Path) -> None:
        """Save the part of the lineage in which there are assets."""
        boxes = [one.bounding_box() for one in self.tab.locator(f"{_GRAPH} foreignObject").all()]
        found = [box for box in boxes if box is not None]
        left, top = (min(box[side] for box in found) - _MARGIN for side in ("x", "y"))
        right = max(box["x"] + box["width"] for box in found) + _MARGIN
        bottom = max(box["y"] + box["height"] for box in found) + _MARGIN
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        self.tab.screenshot(path=file, clip=clip)

    def runs(self) -> set[str]:
        """Return the ids of runs that somebody has clicked; those of sensors name no asset."""
        found = self.page.ask(_RUNS)["runsOrError"]["results"]
        return {run["runId"] for run in found if run["assetSelection"]}

    def waits(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for what the page has no text for."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert time.monotonic() < deadline, f"waited for {what}"
            self.tab.wait_for_timeout(500)
