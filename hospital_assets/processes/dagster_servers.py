"""Dagster's three servers: how they are called, and what they find in the state folder."""

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


def web_server(workspace: Path, host: str, port: int) -> list[str]:
    """Return the command of the page behind its guard."""
    return [
        "hospital_assets.page", "--workspace", str(workspace), "--host", host, "--port", str(port)
    ]  # fmt: skip


def daemon(workspace: Path) -> list[str]:
    """Return the command of what evaluates schedules and sensors and starts queued runs."""
    return ["dagster._daemon", "run", "--workspace", str(workspace)]


def prepare_home(state: StateFolder) -> Path:
    """Return a home for Dagster in the state folder, with the checkout's `dagster.yaml` in it."""
    # Dagster makes folders in its home, so the checkout itself can't be it.
    home = state.path.resolve() / "dagster"
    home.mkdir(mode=0o700, exist_ok=True)
    link = home / "dagster.yaml"
    link.unlink(missing_ok=True)
    link.symlink_to(SHIPPED / "dagster.yaml")
    return home


def write_workspace(state: StateFolder, code_port: int) -> Path:
    """Write the workspace of a code server on this machine, and return its file."""
    server = {"host": LOCALHOST, "port": code_port, "location_name": LOCATION}
    state.write_json("workspace.yaml", {"load_from": [{"grpc_server": server}]})
    return state.path.resolve() / "workspace.yaml"
