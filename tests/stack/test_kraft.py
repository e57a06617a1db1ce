"""Kafka without ZooKeeper, as the override file has it."""

from pathlib import Path

import pytest

from tests.stack.checkout import compose_of
from tests.stack.conftest import HEALTHY_SECONDS, UP_SECONDS
from tests.stack.project import Project

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def test_the_broker_is_set_up_and_comes_back(folder: Path, checkout: Path) -> None:
    compose = compose_of(checkout, {}, "docker-compose.kraft.yml").only("kafka", "kafka_setup")
    project = Project(compose, folder / "kraft")
    try:
        project.up(UP_SECONDS)
        project.wait_until(project.is_healthy, HEALTHY_SECONDS, "not healthy")
        assert "Kafka is set up." in project["kafka_setup"].output()

        project["kafka"].crash()
        project.wait_until(
            lambda: project["kafka"].starts == 2 and project.is_healthy(),
            HEALTHY_SECONDS,
            "not back",
        )
        # Once more: what is there stays.
        project["kafka_setup"].start()
        project.wait_until(
            lambda: project["kafka_setup"].state == "exited", HEALTHY_SECONDS, "not set up"
        )
        assert project["kafka_setup"].exit_code == 0, project["kafka_setup"].output()
    finally:
        project.down()
