"""Kafka without ZooKeeper, as the override file has it."""

import secrets

import pytest

from tests.checkout import KRAFT
from tests.engine.stack import Stack, stack_of

pytestmark = pytest.mark.engine


def test_the_broker_is_set_up_and_comes_back(project: Stack) -> None:
    kraft = stack_of(project.checkout, f"kraft-{secrets.token_hex(4)}", KRAFT)
    try:
        kraft.compose("up", "--detach", "kafka", "kafka_setup")
        kraft.wait_until(kraft.is_healthy, "not healthy")
        assert "Kafka is set up." in kraft.logs("kafka_setup")
        assert all(
            mount["Name"].startswith(kraft.project)
            for mount in kraft.inspect("kafka")["Mounts"]
            if mount["Type"] == "volume"
        )

        kraft.kill("kafka")
        kraft.wait_until(
            lambda: kraft.inspect("kafka")["RestartCount"] == 1 and kraft.is_healthy(), "not back"
        )
        # Once more: what is there stays.
        kraft.compose("up", "--no-deps", "kafka_setup")
        assert kraft.inspect("kafka_setup")["State"]["ExitCode"] == 0
    finally:
        kraft.compose("down", "--volumes", "--timeout", "30")
