"""The composed stack's own commands, without an engine, make days and land events.

What an engine shows is tested in one: `tests/engine`.
"""

import json
import socket
from collections.abc import Callable

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.stack.container import Container
from tests.stack.stack import SLOTS_PER_DAY, TRANSFERS_PER_DAY, Stack

pytestmark = pytest.mark.stack

FIRST_DAYS = 7


def test_the_first_week_lands_and_then_a_day_a_tick(stack: Stack) -> None:
    stack.project.wait_until(lambda: stack.days() >= FIRST_DAYS, PATIENCE_SECONDS, "no first week")
    days, slots = stack.days(), stack.slots()

    stack.project.wait_until(
        lambda: stack.days() > days and stack.slots() >= slots + SLOTS_PER_DAY,
        PATIENCE_SECONDS,
        "no tick",
    )


def test_batch_and_stream_agree(stack: Stack) -> None:
    stack.project.wait_until(
        lambda: stack.days() == stack.span(), PATIENCE_SECONDS, "a day is left out"
    )
    counts = stack.ask(
        "SELECT sum(transfers), sum(streamed_transfers) FROM hospital.patient_flow"
        " GROUP BY flow_date"
    )
    assert set(counts) == {(TRANSFERS_PER_DAY,) * 2}
    ((first, last),) = stack.ask("SELECT min(flow_date), max(flow_date) FROM hospital.patient_flow")
    # A later day may be on its way.
    verify = ("hospital", "verify", first.isoformat(), last.isoformat())
    verified = stack["batch_ingestor"].execute(*verify)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "agree with the simulation" in " ".join(verified.stdout.split())
    status = json.loads(stack["batch_ingestor"].execute("hospital", "status", "--json").stdout)
    assert all(gap > last.isoformat() for gap in status["gaps"]), status


def test_a_port_in_use_is_one_line(stack: Stack) -> None:
    webserver = stack["webserver"]
    webserver.stop()
    said, starts = listen(webserver), webserver.starts
    with socket.create_server((stack.project.network.address("webserver"), 3000)):
        webserver.start()
        stack.project.wait_until(
            lambda: webserver.starts >= starts + 2, PATIENCE_SECONDS, "not tried again"
        )
        lines = said()

    assert any("3000" in line and "in use" in line for line in lines), lines
    assert not any("Traceback" in line for line in lines), lines
    stack.project.wait_until(stack.project.is_healthy, PATIENCE_SECONDS, "not healthy again")


def listen(container: Container) -> Callable[[], list[str]]:
    """Return a function that gives the lines written since."""
    before = len(container.output())
    return lambda: container.output()[before:].splitlines()
