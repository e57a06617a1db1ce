"""What other processes ask of Dagster's web server, through its GraphQL interface."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from hospital_assets.errors import HospitalError, one_line
from hospital_assets.processes.dagster_servers import LOCATION

_TIMEOUT_SECONDS = 20

_HEALTH = """
{
  workspaceOrError { ... on Workspace { locationEntries {
    name
    loadStatus
    locationOrLoadError { __typename ... on PythonError { message cause { message } } }
  } } }
  instance { daemonHealth { allDaemonStatuses { required healthy lastHeartbeatTime } } }
}
"""


class PageError(HospitalError):
    """The web server refused a request; the message is its reason."""


@dataclass(frozen=True)
class Repository:
    """Where a job, a schedule or a sensor is defined."""

    name: str
    location: str

    @property
    def selector(self) -> dict[str, str]:
        """How the page calls it."""
        return {"repositoryName": self.name, "repositoryLocationName": self.location}


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
        would trust one of the stack before. Raises PageError if the hospital's code can't be
        loaded; other code locations have only been tried.
        """
        try:
            answer = self.ask(_HEALTH)
        except (OSError, HTTPException, json.JSONDecodeError):
            return "the web server"
        entries = answer["workspaceOrError"].get("locationEntries", [])
        if (error := _load_errors(entries).get(LOCATION)) is not None:
            if "DagsterUserCodeUnreachableError" in error["message"]:
                return "the code location"
            raise PageError(f"{LOCATION} can't be loaded: {_reason(error)}")
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

    def load_errors(self) -> dict[str, str]:
        """Return why code locations can't be loaded, in one line each, by their names."""
        entries = self.ask(_HEALTH)["workspaceOrError"].get("locationEntries", [])
        return {name: _reason(error) for name, error in _load_errors(entries).items()}

    def change(self, mutation: str, **variables: Any) -> dict[str, Any]:
        """Send a mutation with one field and return its result.

        Raises PageError if the result is an error.
        """
        (result,) = self.ask(mutation, **variables).values()
        if result["__typename"].endswith("Error"):
            raise PageError(result.get("message", result["__typename"]).strip())
        answer: dict[str, Any] = result
        return answer

    def launch(
        self, place: Repository, job: str, config: Mapping[str, Any], tags: Mapping[str, str]
    ) -> str:
        """Put a run of a job in the queue, and return its id.

        Raises PageError if the page refuses it.
        """
        # Slow to import, and whoever asks for the state of things does without.
        from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError

        client = DagsterGraphQLClient(self.host, port_number=self.port, timeout=_TIMEOUT_SECONDS)
        try:
            return client.submit_job_execution(
                job,
                repository_location_name=place.location,
                repository_name=place.name,
                run_config=config,
                tags=dict(tags),
            )
        except DagsterGraphQLClientError as error:
            raise PageError(f"{job} can't be launched: {one_line(error)}") from error

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send a query and return its data.

        Raises PageError if the page refuses it, OSError if there is no page.
        """
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


def _load_errors(entries: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {
        entry["name"]: entry["locationOrLoadError"]
        for entry in entries
        if (entry["locationOrLoadError"] or {}).get("__typename") == "PythonError"
    }


def _reason(error: Mapping[str, Any]) -> str:
    return one_line((error["cause"] or error)["message"])
