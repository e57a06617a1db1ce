"""Schedules and sensors of a running stack: turned on, and a schedule asked without its tick."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from hospital_assets.page.client import Page, PageError, Repository

_FIND = """
{
  repositoriesOrError { ... on RepositoryConnection { nodes {
    name
    location { name }
    schedules { name pipelineName scheduleState { status } }
    sensors { name sensorState { status } }
  } } }
}
"""

_START_SCHEDULE = """
mutation ($selector: ScheduleSelector!) {
  startSchedule(scheduleSelector: $selector) { __typename ... on PythonError { message } }
}
"""

_START_SENSOR = """
mutation ($selector: SensorSelector!) {
  startSensor(sensorSelector: $selector) { __typename ... on PythonError { message } }
}
"""

_EVALUATE = """
mutation ($selector: ScheduleSelector!, $timestamp: Float) {
  scheduleDryRun(selectorData: $selector, timestamp: $timestamp) {
    __typename
    ... on PythonError { message }
    ... on DryRunInstigationTick { evaluationResult {
      error { message }
      runRequests { jobName runConfigYaml tags { key value } }
    } }
  }
}
"""


@dataclass(frozen=True)
class Automation:
    """A schedule or a sensor, and where it is defined."""

    name: str
    place: Repository
    is_on: bool


@dataclass(frozen=True)
class Schedule(Automation):
    """A schedule, and the job that it launches."""

    job: str

    @property
    def selector(self) -> dict[str, str]:
        """How the page calls it."""
        return {**self.place.selector, "scheduleName": self.name}

    def turn_on(self, page: Page) -> None:
        """Let the daemon evaluate it from its next tick on."""
        page.change(_START_SCHEDULE, selector=self.selector)

    def evaluate(self, page: Page) -> list[str]:
        """Launch what it asks for now, and return the ids of the runs."""
        tick = page.change(_EVALUATE, selector=self.selector, timestamp=time.time())
        result = tick["evaluationResult"]
        if result["error"] is not None:
            raise PageError(f"{self.name}: {result['error']['message'].strip()}")
        return [
            page.launch(
                self.place,
                request["jobName"] or self.job,
                yaml.safe_load(request["runConfigYaml"]) or {},
                {tag["key"]: tag["value"] for tag in request["tags"]},
            )
            for request in result["runRequests"] or []
        ]


@dataclass(frozen=True)
class Sensor(Automation):
    """A sensor, which the daemon evaluates at once when it is turned on."""

    def turn_on(self, page: Page) -> None:
        """Let the daemon evaluate it."""
        page.change(_START_SENSOR, selector={**self.place.selector, "sensorName": self.name})


def schedules_and_sensors(page: Page) -> Iterator[Schedule | Sensor]:
    """Yield every schedule and sensor that the page knows."""
    for repository in page.ask(_FIND)["repositoriesOrError"].get("nodes", []):
        place = Repository(repository["name"], repository["location"]["name"])
        for each in repository["schedules"]:
            is_on = each["scheduleState"]["status"] == "RUNNING"
            yield Schedule(each["name"], place, is_on, each["pipelineName"])
        for each in repository["sensors"]:
            yield Sensor(each["name"], place, each["sensorState"]["status"] == "RUNNING")
