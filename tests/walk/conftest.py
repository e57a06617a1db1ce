"""A running hospital of a few days, and somebody with a browser in front of its page."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT
from hospital_assets.page.client import Page
from tests.commands import COMMAND, environment_in
from tests.patience import PATIENCE_SECONDS
from tests.walk.visitor import Visitor

# Eight days are there after the start; a backfill of ten days makes the period whole.
LAST_DAY = "2020-12-18"
CHROMIUM = "chromium"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page of a hospital that runs as a user starts it."""
    home = tmp_path_factory.mktemp("walk")
    configs = shutil.copytree(ROOT / "configs", home / "configs")
    hospital = configs / "hospital.toml"
    hospital.write_text(
        re.sub(r"(?m)^last_day = .*$", f"last_day = {LAST_DAY}", hospital.read_text())
    )
    environment = environment_in(home, HOSPITAL_CONFIGS=str(configs))
    output = home / "output"
    with output.open("w") as file:
        process = subprocess.Popen(
            [*COMMAND, "up"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _page(process, output)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=PATIENCE_SECONDS)


def _page(process: subprocess.Popen[bytes], output: Path) -> Page:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "Stop " not in output.read_text():
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.5)
    found = re.search(r"http://(127\.0\.0\.1):(\d+)", output.read_text())
    assert found is not None
    return Page(found[1], int(found[2]))


@pytest.fixture(scope="session")
def visitor(running: Page) -> Iterator[Visitor]:
    """Somebody who opens the page for the first time."""
    from playwright.sync_api import sync_playwright

    executable = shutil.which(CHROMIUM)
    assert executable is not None, f"the walk needs {CHROMIUM} on PATH"
    with sync_playwright() as playwright:
        # In a container there is no sandbox, and the only page that is opened is ours.
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1700, "height": 1100})
        page.set_default_timeout(PATIENCE_SECONDS * 1000)
        yield Visitor(page, running)
        browser.close()
