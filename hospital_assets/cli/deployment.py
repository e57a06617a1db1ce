"""Commands of the composed stack: init on the host, setup and serve in its containers."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hospital_assets.configuration.settings import ROOT, load_settings
from hospital_assets.state.folder import LOCALHOST

_SECRETS = Path("deploy", "secrets")

setup = typer.Typer(
    name="setup", help="Set up the services of the composed stack.", no_args_is_help=True
)

Secrets = Annotated[Path, typer.Option("--secrets", help="Folder with the passwords.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(init)
    app.command()(serve)
    setup.command()(database)
    setup.command()(kafka)
    app.add_typer(setup)


def init(
    project: Annotated[Path, typer.Option(help="Folder of docker-compose.yml.")] = ROOT,
) -> None:
    """Make the passwords of the composed stack, each once, and have its containers read them."""
    from hospital_assets.containers.project import (
        make_backup_folder,
        open_mounted_files,
        write_override,
    )
    from hospital_assets.containers.secrets import SecretFolder

    console = Console(highlight=False)
    folder = project / _SECRETS
    made = list(SecretFolder(folder).make())
    for file in made:
        console.print(f"made {file}", soft_wrap=True)
    if not made:
        console.print(f"{folder} has every secret already.", soft_wrap=True)
    make_backup_folder(project)
    open_mounted_files(project)
    write_override(project)
    console.print("Next: docker compose up -d")


def database(secrets: Secrets = ROOT / _SECRETS) -> None:
    """Make roles, databases, schema and grants in PostgreSQL, as its superuser."""
    from hospital_assets.containers.postgres_setup import set_up_database
    from hospital_assets.containers.secrets import SecretFolder

    set_up_database(load_settings(), SecretFolder(secrets))
    Console(highlight=False).print("PostgreSQL is set up.")


def kafka(secrets: Secrets = ROOT / _SECRETS) -> None:
    """Make users, topics and access rules in Kafka, from the broker's own address."""
    from hospital_assets.containers.kafka_setup import set_up_kafka
    from hospital_assets.containers.secrets import SecretFolder

    set_up_kafka(load_settings(), SecretFolder(secrets))
    Console(highlight=False).print("Kafka is set up.")


def serve(
    name: Annotated[str, typer.Argument(help="A code location, scheduler or webserver.")],
    host: Annotated[str, typer.Option(help="Where to listen.")] = LOCALHOST,
    port: Annotated[int, typer.Option(help="Where to listen.", min=1, max=65535)] = 4000,
) -> None:
    """Run one of Dagster's servers, once all that it needs is in order."""
    from hospital_assets.containers import serving

    serving.serve(name, host, port, lambda line: print(f"hospital: {line}", file=sys.stderr))
