"""Commands for backups: backup and restore."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_FINDINGS_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(backup)
    app.command()(restore)


def backup(folder: Annotated[Path, typer.Argument(help="A new folder for the backup.")]) -> None:
    """Back up both databases, the lake's manifests and the stream's files, also at work."""
    from hospital_assets.backup.making import make_backup
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_streams
    from hospital_assets.resources.stream.errors import OtherLogError
    from hospital_assets.services.kafka.cluster import KafkaCluster

    console = Console(highlight=False)
    settings = load_settings()
    with _steps(console) as progress:
        made = make_backup(settings, load_hospital(), folder.absolute(), progress)
    span = f", {made.days[0]} to {made.days[-1]}" if made.days else ""
    console.print(
        f"Backed up {len(made.days)} days{span}, and {made.stream_files} files of streams"
        f" in {folder}, {decimal(made.contents.bytes)}.",
        soft_wrap=True,
    )
    is_up = KafkaCluster.of(settings).is_up()
    streams = open_streams(settings).values() if is_up else ()
    waiting = 0
    for stream in streams:
        try:
            waiting += sum(stream.lag().values())
        except OtherLogError as error:
            console.print(
                f"Messages that wait are not in it: {error}", soft_wrap=True, markup=False
            )
    if waiting:
        console.print(f"Not in it: {waiting} messages that are still to be landed.")


def restore(folder: Annotated[Path, typer.Argument(help="The folder of a backup.")]) -> None:
    """Restore a backup into an empty installation, and verify it; exit code 1 if it differs."""
    from hospital_assets.backup.restoring import restore_backup
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.settings import load_settings

    console = Console(highlight=False)
    with _steps(console) as progress:
        restored = restore_backup(load_settings(), load_hospital(), folder.absolute(), progress)
    if not restored.same_topic:
        console.print(
            "The topic is not the one of the backup, and is landed from its start;"
            f" {restored.slots_again} slots are published again.",
            soft_wrap=True,
        )
    if restored.under_way:
        console.print(
            f"{len(restored.under_way)} more days are not whole, first {restored.under_way[0]}:"
            " the next run makes them again if they are due, `hospital backfill` if not.",
            soft_wrap=True,
        )
    for finding in restored.findings[:_FINDINGS_SHOWN]:
        console.print(
            f"{finding.day} {finding.record}, {finding.place}: {finding.problem}", soft_wrap=True
        )
    if restored.findings:
        console.print(f"[red]{len(restored.findings)} differences: `hospital verify`.[/red]")
        raise typer.Exit(1)
    console.print(
        f"Restored {len(restored.days)} days: lake, database and laws agree with the simulation."
    )


@contextmanager
def _steps(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows how far a step has come."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    tasks = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bar.add_task(step)
        bar.update(tasks[step], completed=done, total=total)

    with bar:
        yield show
