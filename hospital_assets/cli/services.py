"""Commands for the local services: up, down, reset, doctor and sql."""

import os
import signal
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hospital_assets.cli.errors import SIGNAL_EXIT_CODE
from hospital_assets.cli.machine_readable import AsJson, print_json
from hospital_assets.configuration.settings import Settings, load_settings

if TYPE_CHECKING:
    from hospital_assets.local.checkup import Checkup
    from hospital_assets.page.client import Page


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(up)
    app.command()(down)
    app.command()(reset)
    app.command()(doctor)
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(sql)


def up() -> None:
    """Start everything, stay in the foreground, and end it all on Ctrl-C."""
    from hospital_assets.local.stack import AlreadyRunning, Stack

    console = Console(highlight=False)
    settings = load_settings()
    status = console.status("starting the hospital")

    def say(line: str) -> None:
        console.print(f"[dim]{datetime.now().astimezone():%H:%M:%S}[/dim] {line}", soft_wrap=True)

    def ready(page: "Page") -> None:
        status.stop()
        console.print(_places(page.url, settings))

    with status:
        try:
            Stack(settings, say).run(ready)
        except AlreadyRunning as running:
            status.stop()
            console.print(str(running), soft_wrap=True)


def down() -> None:
    """End everything that uses this folder's servers, and the servers, also after a crash."""
    from hospital_assets.local.shutdown import stop_stack
    from hospital_assets.services.databases import Databases
    from hospital_assets.services.kafka.cluster import KafkaCluster
    from hospital_assets.state.folder import StateFolder

    console = Console(highlight=False)
    with console.status("stopping the hospital"):
        settings = load_settings()
        found = stop_stack(
            StateFolder(settings.state),
            Databases.of(settings),
            KafkaCluster.of(settings),
            lambda line: console.print(line, soft_wrap=True, markup=False),
        )
    console.print("Stopped." if found else "Nothing was running.")


def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Remove all that this hospital has made, in database, lake and Kafka, to begin anew."""
    from hospital_assets.local.reset import Reset

    found = Reset(load_settings())
    console = Console(highlight=False)
    console.print("This removes, for good:", soft_wrap=True)
    for line in found.describe():
        console.print(f"- {line}", soft_wrap=True)
    if not yes:
        typer.confirm("Remove it?", abort=True)
    found.run()
    console.print("Removed. The next start begins anew.")


def doctor(as_json: AsJson = False) -> None:
    """Check this machine and the services, and say how to mend what is wrong."""
    from hospital_assets.local.checkup import examine

    findings = examine()
    if as_json:
        print_json(findings)
    else:
        Console(highlight=False).print(_table(findings))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def sql(context: typer.Context) -> None:
    """Open psql on the hospital's database; further arguments go to psql."""
    from hospital_assets.services.databases import Databases, client_environment
    from hospital_assets.services.postgres import binaries

    connection = client_environment(Databases.of(load_settings()).hospital_url())
    psql = binaries() / "psql"
    program = subprocess.Popen([psql, *context.args], env={**os.environ, **connection})
    # Ctrl-C is for psql, which ends a query with it and goes on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = program.wait()
    raise typer.Exit(code if code >= 0 else SIGNAL_EXIT_CODE - code)


def _table(findings: list["Checkup"]) -> Table:
    table = Table("check", "state", "found", "to mend it", box=None, pad_edge=False)
    for finding in findings:
        state = "[green]ok[/green]" if finding.ok else "[red]wrong[/red]"
        table.add_row(finding.check, state, finding.found, "" if finding.ok else finding.remedy)
    return table


def _places(url: str, settings: Settings) -> Table:
    places = Table.grid(padding=(0, 2))
    places.add_row("Page", url)
    places.add_row("Lake", settings.lake)
    places.add_row("SQL", ".venv/bin/hospital sql")
    places.add_row("Connect", ".venv/bin/hospital connect: PostgreSQL, Kafka and lake for others")
    places.add_row("Logs", str(settings.state / "logs"))
    places.add_row("Stop", "Ctrl-C here, or `make down` in another terminal")
    return places
