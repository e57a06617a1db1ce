"""The command line: `hospital up`, `hospital down` and the rest.

A module is a group of commands. What is slow to import (dagster, polars) is imported inside a
command, so that `hospital --help` answers at once.
"""

import typer

from hospital_assets.cli import (
    backups,
    calibration,
    connect,
    deployment,
    records,
    reporting,
    services,
    stream,
)
from hospital_assets.cli.errors import OneLineErrors

app = typer.Typer(
    name="hospital",
    help="A simulated hospital, day by day, on this machine.",
    cls=OneLineErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

services.register(app)
connect.register(app)
records.register(app)
calibration.register(app)
reporting.register(app)
stream.register(app)
backups.register(app)
deployment.register(app)
