"""The command that makes a report which people can open and pass on: report."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hospital_assets.cli import arguments
from hospital_assets.cli.errors import CommandError
from hospital_assets.cli.progress import days_progress


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(report)


def report(
    first: Annotated[str | None, typer.Argument(help="First day; default: the period.")] = None,
    last: Annotated[str | None, typer.Argument(help="Last day, included.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File; default: hospital-FROM-to-TO.html here.")
    ] = None,
) -> None:
    """Write pictures and figures of any days as one HTML file; needs no server."""
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.scorecard_targets import load_targets
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_hospital, open_lake
    from hospital_assets.operations.reporting import Reporting

    settings, days = load_settings(), load_hospital().period
    if first is not None:
        days = arguments.day_range(first, last or first, days)
    file = out or Path(f"hospital-{days.first_day}-to-{days.last_day}.html")
    if not file.parent.is_dir():
        raise CommandError(f"{file.parent} is no folder: make it first, or name another --out")
    reporting = Reporting(open_hospital(), open_lake(settings), load_targets(settings.configs))
    console = Console(highlight=False)
    with days_progress(Console(stderr=True, highlight=False)) as progress:
        task = progress.add_task("reporting", total=days.length)
        for month in reporting.look_at(days):
            progress.advance(task, month.length)
    content = reporting.page().encode()
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    console.print(f"Wrote the report of {days} to {file}: {len(content) / 1e6:.1f} MB.",
                  soft_wrap=True)  # fmt: skip
