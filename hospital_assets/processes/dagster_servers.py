"""Dagster's three servers: how they are called, and what they find in the state folder."""

from collections.abc import Sequence
from pathlib import Path

from hospital_assets.configuration.checkout import SHIPPED
from hospital_assets.state.folder import LOCALHOST, StateFolder

LOCATION = "hospital"


def code_server(
    module: str, location: str, host: str, port: int, *, lazily: bool = False
) -> list[str]:
    """Return the command of a code server; `lazily` means that it answers before it has loaded."""
    how = ["--lazy-load-user-code"] if lazily else []
    what = ["--module-name", module, "--location-name", location]
    return ["dagster", "api", "grpc", *what, *how, "--host", host, "--port", str(port)]


def web_server(workspaces: Sequence[Path], host: str, port: int) -> list[str]:
    """Return the command of the page behind its guard; see `workspaces_of`."""
    return ["hospital_assets.page", *_loading(workspaces), "--host", host, "--port", str(port)]


def daemon(workspaces: Sequence[Path]) -> list[str]:
    """Return the command of what evaluates schedules and sensors and starts queued runs."""
    return ["dagster._daemon", "run", *_loading(workspaces)]


def _loading(workspaces: Sequence[Path]) -> list[str]:
    return [word for file in workspaces for word in ("--workspace", str(file))]


def prepare_home(state: StateFolder) -> Path:
    """Return a home for Dagster in the state folder, with the checkout's `dagster.yaml` in it."""
    # Dagster makes folders in its home, so the checkout itself can't be it.
    home = state.path.resolve() / "dagster"
    home.mkdir(mode=0o700, exist_ok=True)
    link = home / "dagster.yaml"
    link.unlink(missing_ok=True)
    link.symlink_to(SHIPPED / "dagster.yaml")
    return home


def workspaces_of(state: StateFolder, code_port: int) -> list[Path]:
    """Return the files that name what Dagster loads: the checkout's, and one written here.

    Where both name a location, the later one counts: the hospital comes from its code server on
    this machine, and what else somebody has added to the checkout's file comes as it says there.
    """
    server = {"host": LOCALHOST, "port": code_port, "location_name": LOCATION}
    state.write_json("workspace.yaml", {"load_from": [{"grpc_server": server}]})
    return [SHIPPED / "workspace.yaml", state.path.resolve() / "workspace.yaml"]
