"""The server of the page: Dagster's web application behind the guard."""

import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.version import __version__
from dagster_webserver.webserver import DagsterWebserver
from dotenv import load_dotenv
from starlette.types import ASGIApp

from hospital_assets.configuration.checkout import SHIPPED
from hospital_assets.configuration.settings import Settings, load_settings
from hospital_assets.errors import HospitalError
from hospital_assets.history.instance import dagster_instance
from hospital_assets.page.guard import Guard

_LOG_LEVEL = "warning"
_POLL_MILLISECONDS = 2000  # how often the page in a browser asks for news; Dagster's own default
# Shorter than what a supervisor waits before it kills.
_GRACE_SECONDS = 5


def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen.")] = None,
    port: Annotated[int | None, typer.Option(help="Where to listen.", min=1, max=65535)] = None,
    workspace: Annotated[
        list[Path] | None,
        typer.Option(help="What Dagster loads; may be repeated.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Serve Dagster's page, guarded, until SIGINT or SIGTERM.

    Without options it listens where the settings say.
    """
    # To standard error, and only what went wrong; uvicorn follows.
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            _serve(load_settings(), host, port, workspace or [SHIPPED / "workspace.yaml"])
    except HospitalError as error:
        sys.exit(f"hospital: {error}")


def _serve(
    settings: Settings, host: str | None, port: int | None, workspaces: Sequence[Path]
) -> None:
    host = host or settings.web_host
    # Not optimized for a web server, as Dagster calls it: that would replace the connections which
    # outlive a restart of the database.
    with (
        _instance() as instance,
        WorkspaceProcessContext(
            instance,
            WorkspaceFileTarget([str(file) for file in workspaces]),
            version=__version__,
            code_server_log_level=_LOG_LEVEL,
        ) as context,
    ):
        page: ASGIApp = DagsterWebserver(
            context, live_data_poll_rate=_POLL_MILLISECONDS
        ).create_asgi_app()
        uvicorn.run(
            Guard(page, [host, *settings.web_names.split(",")]),
            host=host,
            port=port or settings.web_port,
            lifespan="off",
            log_config=None,
            log_level=_LOG_LEVEL,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )


def _instance() -> DagsterInstance:
    # How Dagster writes the events of the runs that it makes here.
    load_dotenv(SHIPPED / ".env")
    return DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else dagster_instance()
