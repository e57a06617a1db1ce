"""What commands print for programs."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import typer

from hospital_assets.cli import app
from hospital_assets.cli.machine_readable import as_json_text

TELLING = ["status", "verify", "calibrate", "connect", "doctor", "dead-letters list"]


@dataclass(frozen=True)
class Finding:
    """Something found."""

    day: date
    at: datetime
    name: str


def test_days_and_instants_are_written_as_iso_8601_and_texts_as_they_are() -> None:
    found = Finding(date(2021, 3, 1), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "Müller")
    text = as_json_text({"findings": [found]})
    assert json.loads(text)["findings"] == [
        {"day": "2021-03-01", "at": "2026-01-02T03:04:05+00:00", "name": "Müller"}
    ]
    assert "Müller" in text


def test_what_has_no_form_is_no_text_by_chance() -> None:
    with pytest.raises(TypeError, match="set has no form"):
        as_json_text({"days": {1}})


@pytest.mark.parametrize("names", TELLING)
def test_every_command_that_tells_something_tells_programs_too(names: str) -> None:
    command = typer.main.get_command(app)
    for name in names.split():
        command = command.commands[name]
    assert any("--json" in one.opts for one in command.params)
