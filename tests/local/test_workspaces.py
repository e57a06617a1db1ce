"""What Dagster loads once the hospital is up: the hospital, and what somebody has added."""

import time
from pathlib import Path
from typing import Any

import pytest
from dagster._core.remote_origin import (
    GrpcServerCodeLocationOrigin,
    ManagedGrpcPythonEnvCodeLocationOrigin,
)
from dagster._core.workspace.load import location_origins_from_yaml_paths

from hospital_assets.configuration.settings import ROOT
from hospital_assets.page.client import Page, PageError
from hospital_assets.processes import dagster_servers
from hospital_assets.state.folder import StateFolder

ADDED = """
  - python_file:
      relative_path: mine.py
      location_name: mine
"""
PORT = 23_456


def test_a_location_that_is_added_to_the_workspace_is_loaded_beside_the_hospital(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workspace.yaml").write_text((ROOT / "workspace.yaml").read_text() + ADDED)
    monkeypatch.setattr(dagster_servers, "SHIPPED", tmp_path)
    files = dagster_servers.workspaces_of(StateFolder(tmp_path / "state"), PORT)

    hospital, mine = location_origins_from_yaml_paths([str(file) for file in files])

    assert isinstance(hospital, GrpcServerCodeLocationOrigin)
    assert (hospital.location_name, hospital.port) == ("hospital", PORT)
    assert isinstance(mine, ManagedGrpcPythonEnvCodeLocationOrigin)
    assert mine.location_name == "mine"
    assert mine.loadable_target_origin.python_file == str(tmp_path / "mine.py")


class Answering(Page):
    """A page of which one code location can't be loaded."""

    broken: str

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Answer how everything is."""
        error = {"__typename": "PythonError", "message": "it broke\n", "cause": None}
        entries = [
            {
                "name": name,
                "loadStatus": "LOADED",
                "locationOrLoadError": error if name == self.broken else None,
            }
            for name in ("hospital", "mine")
        ]
        heartbeat = {"required": True, "healthy": True, "lastHeartbeatTime": time.time()}
        return {
            "workspaceOrError": {"locationEntries": entries},
            "instance": {"daemonHealth": {"allDaemonStatuses": [heartbeat]}},
        }


def test_a_location_of_others_that_is_broken_is_named_and_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Answering, "broken", "mine", raising=False)
    page = Answering("127.0.0.1", PORT)
    assert page.missing(since=0) is None
    assert page.load_errors() == {"mine": "it broke"}


def test_the_hospital_itself_must_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answering, "broken", "hospital", raising=False)
    with pytest.raises(PageError, match="hospital can't be loaded: it broke"):
        Answering("127.0.0.1", PORT).missing(since=0)
