"""What the supervisor asks of Dagster's web server, through its GraphQL interface."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

_TIMEOUT_SECONDS = 20

_HEALTH = """
{
  workspaceOrError { ... on Workspace { locationEntries {
    name loadStatus locationOrLoadError { __typename ... on PythonError { message } }
  } } }
  instance { daemonHealth { allDaemonStatuses { required healthy lastHeartbeatTime } } }
}
"""

_SWITCHES = """
{
  repositoriesOrError { ... on RepositoryConnection { nodes {
    name
    location { name }
    schedules { name scheduleState { status } }
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


class PageError(RuntimeError):
    """The web server refused a request; the message is its reason."""


@dataclass(frozen=True)
class Page:
    """Dagster's web page at an address of this machine."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """Where a browser finds the page."""
        return f"http://{self.host}:{self.port}"

    def missing(self, since: float) -> str | None:
        """Return what the page still waits for, or None once everything is healthy.

        A daemon counts if it gave a sign of life after `since` (Unix seconds): Dagster itself
        would trust one of the stack before. Raises PageError if the code can't be loaded.
        """
        try:
            answer = self._ask(_HEALTH, {})
        except (OSError, HTTPException, ValueError):
            return "the web server"
        entries = answer["workspaceOrError"].get("locationEntries", [])
        for entry in entries:
            loaded = entry["locationOrLoadError"]
            if loaded is not None and loaded["__typename"] == "PythonError":
                if "DagsterUserCodeUnreachableError" in loaded["message"]:
                    return "the code location"
                raise PageError(f"{entry['name']} can't be loaded: {loaded['message'].strip()}")
        if not entries or any(entry["loadStatus"] != "LOADED" for entry in entries):
            return "the code location"
        daemons = answer["instance"]["daemonHealth"]["allDaemonStatuses"]
        if not all(
            daemon["healthy"] and daemon["lastHeartbeatTime"] > since
            for daemon in daemons
            if daemon["required"]
        ):
            return "the daemon"
        return None

    def turn_on_schedules_and_sensors(self) -> list[str]:
        """Turn on every schedule and sensor that is off, and return their names."""
        turned_on = []
        for repository in self._ask(_SWITCHES, {})["repositoriesOrError"].get("nodes", []):
            place = {
                "repositoryName": repository["name"],
                "repositoryLocationName": repository["location"]["name"],
            }
            for schedule in repository["schedules"]:
                if schedule["scheduleState"]["status"] != "RUNNING":
                    selector = {**place, "scheduleName": schedule["name"]}
                    self._change(_START_SCHEDULE, selector)
                    turned_on.append(schedule["name"])
            for sensor in repository["sensors"]:
                if sensor["sensorState"]["status"] != "RUNNING":
                    self._change(_START_SENSOR, {**place, "sensorName": sensor["name"]})
                    turned_on.append(sensor["name"])
        return turned_on

    def _change(self, mutation: str, selector: dict[str, str]) -> None:
        (result,) = self._ask(mutation, {"selector": selector}).values()
        if result["__typename"].endswith("Error"):
            raise PageError(f"{selector}: {result.get('message', result['__typename'])}")

    def _ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        connection = HTTPConnection(self.host, self.port, timeout=_TIMEOUT_SECONDS)
        try:
            body = json.dumps({"query": query, "variables": variables})
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if "data" not in answer or answer.get("errors"):
            raise PageError(f"the web server answered {answer.get('errors')}")
        data: dict[str, Any] = answer["data"]
        return data
