"""Each named step lies where its name says, and a process that comes to it dies there."""

import multiprocessing
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest

from hospital_assets.configuration.settings import DatabaseSettings, KafkaSettings, Settings
from tests.patience import PATIENCE_SECONDS
from tests.stream import actors
from tests.stream.failpoints import LANDING, PUBLISHING
from tests.stream.sites import STREAM_TYPES, Site

pytestmark = STREAM_TYPES

PROCESSES = multiprocessing.get_context("forkserver")
KILLED = -signal.SIGKILL
LAST_DAY = date(2021, 3, 7)
GARBAGE = b"\xff"


@pytest.fixture
def settings(site: Site) -> Settings:
    """The settings by which another process finds the site."""
    place = urlsplit(site.url)
    return Settings(
        lake=site.stream.root,
        database=DatabaseSettings(
            mode="server",
            host=place.hostname,
            port=place.port,
            user=place.username,
            password=place.password,
            hospital_database=place.path.removeprefix("/"),
        ),
        kafka=KafkaSettings(
            mode="cluster", bootstrap_servers=site.bootstrap, topics={site.kind.name: site.topic}
        ),
    )


def exit_code_of(target: Callable[..., None], *arguments: object) -> int | None:
    """Run one of the actors to its end."""
    PROCESSES.set_forkserver_preload([actors.__name__])
    process = PROCESSES.Process(target=target, args=arguments, daemon=True)
    process.start()
    process.join(PATIENCE_SECONDS)
    return process.exitcode


# After the death at a step: whether the events were sent, and whether their slots are on record.
SENT = {
    "before_produce": (False, False),
    "after_produce": (True, False),
    "before_published_row": (True, False),
    "after_published_row": (True, True),
}
# Which files there are, whether any row was committed, and whether a dead letter was copied.
LANDED = {
    "after_poll": ("none", False, False),
    "before_file": ("none", False, False),
    "after_file_tmp": ("hidden", False, False),
    "after_file_replace": ("whole", False, False),
    "before_copy": ("whole", False, False),
    "after_copy": ("whole", False, False),
    "before_commit": ("whole", False, False),
    "after_commit": ("whole", True, False),
    "before_mirror": ("whole", True, False),
    "after_mirror": ("whole", True, True),
}


@pytest.mark.parametrize("step", PUBLISHING)
def test_a_publishing_process_dies_at_the_step(
    site: Site, settings: Settings, week: pl.DataFrame, tmp_path: Path, step: str
) -> None:
    facts = str(tmp_path / "facts.parquet")
    week.write_parquet(facts)

    arguments = (settings, facts, LAST_DAY, GARBAGE, step, site.kind)
    assert exit_code_of(actors.publish, *arguments) == KILLED

    sent, on_record = SENT[step]
    events = [one for one in site.published() if one.value != GARBAGE]
    assert len(events) == (week.height if sent else 0)
    slots = site.query("SELECT count(*) FROM hospital.published_slots")
    assert slots == [(35 if on_record else 0,)]


@pytest.mark.parametrize("step", LANDING)
def test_a_landing_process_dies_at_the_step(
    site: Site, settings: Settings, week: pl.DataFrame, step: str
) -> None:
    site.publish(week)
    site.produce((None, GARBAGE))

    assert exit_code_of(actors.land, settings, step, site.kind) == KILLED

    files, landed, mirrored = LANDED[step]
    hidden, whole = site.folder.glob(".*.tmp"), site.folder.glob("*.jsonl")
    assert (any(hidden), any(whole)) == (files == "hidden", files == "whole")
    assert site.table().is_empty() is not landed
    assert bool(site.mirrored()) is mirrored
    assert site.query("SELECT 1 FROM hospital.dead_letters WHERE mirrored_at IS NOT NULL") == []
    site.stream.land()
    site.check(week)
