"""The commands for a stream, run as users do: what they print, where to, and how they end."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest

from tests.commands import environment_in
from tests.stream.sites import TRANSFER_FORM, Site
from tests.warm_processes import run as run_warm

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(site: Site, tmp_path: Path) -> Run:
    """Run a command on the site, its output into a pipe of a narrow terminal."""
    place = urlsplit(site.url)
    settings = {
        "LAKE": site.stream.root,
        "DATABASE__MODE": "server",
        "DATABASE__HOST": place.hostname,
        "DATABASE__PORT": str(place.port),
        "DATABASE__USER": place.username,
        "DATABASE__PASSWORD": place.password,
        "DATABASE__HOSPITAL_DATABASE": place.path.removeprefix("/"),
        "KAFKA__MODE": "cluster",
        "KAFKA__BOOTSTRAP_SERVERS": site.bootstrap,
        "KAFKA__TOPICS": json.dumps({"transfers": site.topic}),
    }
    environment = environment_in(tmp_path) | {"COLUMNS": "80"}
    environment |= {f"HOSPITAL_{name}": str(value) for name, value in settings.items()}

    def command(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        return run_warm(arguments, environment, text)

    return command


def test_events_of_anybody_are_sent_from_a_file_and_what_is_none_is_said(
    site: Site, run: Run, week: pl.DataFrame, tmp_path: Path
) -> None:
    events = [message.value.decode() for message in TRANSFER_FORM.messages(week.head(2))]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join([events[0], "", "{broken", events[1]]))
    done = run("publish", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"Sent 3 messages to {site.topic}, of which 1 become dead letters;"
        " the next run lands them.\n"
    )
    assert done.stderr.startswith("message 2 is no event (not_json): Invalid JSON: ")
    assert "Sent 1 messages" in run("publish", "-", text=events[0] + "\r\n").stdout
    missing = run("publish", str(tmp_path / "missing"))
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)

    report = site.stream.land()
    assert (report.rows, report.duplicates, report.dead_letters) == (2, 1, 1)
    keys = [one.key for one in site.published()]
    assert sorted(map(str, keys)) == sorted(
        str(key)
        for key in [None, *(str(one).encode() for one in week["person_id"][:2]), keys_of(week)]
    )


def keys_of(week: pl.DataFrame) -> bytes:
    return str(week["person_id"][0]).encode()


def test_dead_letters_are_listed_a_line_each_and_as_json(site: Site, run: Run) -> None:
    assert run("dead-letters", "list").stdout == "No dead letters.\n"
    assert run("dead-letters", "list", "--json").stdout == "[]\n"
    site.produce((b"key", b"x" * 900_000), (None, b'{"slot": "one"}'))
    site.stream.land()

    title, *lines = run("dead-letters", "list").stdout.splitlines()
    assert title.split() == ["partition", "offset", "reason", "message", "at", "replayed"]
    assert sorted(line.split()[2] for line in lines) == ["schema", "too_large"]
    assert max(map(len, lines)) > 80

    output = run("dead-letters", "list", "--json").stdout
    assert len(output) < 10_000
    found = {one["reason"]: one for one in json.loads(output)}
    assert found["too_large"]["bytes"] == 900_000
    assert {"topic", "partition", "offset", "message", "at", "replayed_at"} <= set(found["schema"])


def test_a_replay_that_can_only_fail_again_says_so_and_sends_nothing(site: Site, run: Run) -> None:
    site.produce((b"key", b"{broken"))
    site.stream.land()
    [letter] = site.letters()
    done = run("dead-letters", "replay", str(letter.partition), str(letter.offset))
    assert (done.returncode, done.stdout) == (1, "")
    assert "can't be replayed: it would only fail again: Invalid JSON" in done.stderr
    assert site.stream.land().messages == 0


def test_an_event_is_set_aside_replayed_and_the_stream_repaired(
    site: Site, run: Run, week: pl.DataFrame
) -> None:
    site.publish(week)
    site.stream.land()
    event_id = week["transfer_id"][0]
    [place] = site.stream.places([event_id]).values()
    where = (str(place.partition), str(place.offset))
    done = run("dead-letters", "set-aside", *where)
    assert done.stdout.startswith(f"Set {event_id} aside; ")
    assert site.table().height == len(week) - 1
    again = run("dead-letters", "set-aside", *where)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)

    assert run("dead-letters", "replay", *where).stdout.startswith("Replayed partition ")
    site.execute("UPDATE hospital.transfers SET bed = 'XX-1'")
    repaired = run("stream", "repair").stdout
    assert repaired == (
        f"Wrote 0 files again, brought {len(week) - 1} rows back and removed 0 that no event is"
        " of; landed 1 new events.\n"
    )
    site.check(week)


def test_the_topic_is_followed_as_a_table(site: Site, run: Run, week: pl.DataFrame) -> None:
    site.publish(week.head(1))
    title, line = run("tail", "--from-start", "--count", "1").stdout.splitlines()
    row = week.row(0, named=True)
    assert title.split() == [
        "departed", "slot", "department", "bed", "reason", "priority", "facility"
    ]  # fmt: skip
    assert line.startswith(f"{row['departed_at']:%Y-%m-%d %H:%M}  {row['slot']} ")
    assert line.endswith(row["facility"])
    unknown = run("tail", "--stream", "nothing")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        "hospital: Invalid value: 'nothing' is no stream; choose from transfers\n",
    )
