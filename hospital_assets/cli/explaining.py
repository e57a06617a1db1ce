"""The command that tells the story of one record: explain."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hospital_assets.cli import arguments

if TYPE_CHECKING:
    from hospital_assets.operations.explaining import Explanation
    from hospital_assets.stories.story import Moment


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(explain)


def explain(
    record: Annotated[
        str, typer.Argument(metavar="ID", help="Of an encounter, a person, a doctor or a transfer.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell the story of one record: what happened when and where, and which table says so."""
    subject = arguments.subject(record)
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_hospital, open_warehouse
    from hospital_assets.operations.explaining import explain
    from hospital_assets.services.databases import Databases

    settings = load_settings()
    embedded = Databases.of(settings).embedded()
    # A server that was never there is not made for a question.
    warehouse = None if embedded and not embedded.data.is_dir() else open_warehouse(settings)
    if warehouse is not None and warehouse.version() is None:
        warehouse = None
    with Console(stderr=True, highlight=False).status("looking it up") as status:
        found = explain(subject, open_hospital(), warehouse, status.update)
    if as_json:
        content = {"kind": subject.kind, "id": subject.id, "source": found.source}
        typer.echo(
            json.dumps(content | asdict(found.story), default=str, indent=2, ensure_ascii=False)
        )
    else:
        _print(found)


def _print(found: "Explanation") -> None:
    console = Console(highlight=False)
    story = found.story
    console.print(f"[bold]{story.title}[/bold]", soft_wrap=True)
    facts = Table.grid(padding=(0, 2))
    for name, value in story.facts.items():
        facts.add_row(f"[dim]{name}[/dim]", value)
    console.print(facts)
    console.print()
    console.print(_timeline(list(story.moments)))
    console.print(f"[dim]From {found.source}.[/dim]", soft_wrap=True)


def _timeline(moments: list["Moment"]) -> Table:
    """Return a line a moment; a day is named where it begins."""
    table = Table.grid(padding=(0, 1))
    day = None
    for moment in moments:
        begins = moment.at.date() != day
        day = moment.at.date()
        table.add_row(
            f"[bold]{day}[/bold]" if begins else "",
            f"{moment.at:%H:%M}",
            "[cyan]●[/cyan]" if begins else "[cyan]│[/cyan]",
            moment.what,
            f"[dim]{moment.where}[/dim]",
            f"[dim]{moment.record}[/dim]",
        )
    return table
