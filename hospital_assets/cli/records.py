"""Commands for the records: status, materialize, backfill and verify."""

import json
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from hospital_assets.cli import arguments

if TYPE_CHECKING:
    from hospital_assets.calendar.period import Period
    from hospital_assets.operations.status import Status
    from hospital_assets.resources.lake.resource import Lake
    from hospital_assets.resources.warehouse.resource import Warehouse

_GAPS_SHOWN = 5

First = Annotated[str, typer.Argument(help="First day, such as 2021-01-01.")]
Last = Annotated[str, typer.Argument(help="Last day, included.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(status)
    app.command()(materialize)
    app.command()(backfill)
    app.command()(verify)


def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show the clock, the newest day, gaps and row counts."""
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_lake, open_stream, open_warehouse
    from hospital_assets.history.instance import dagster_instance
    from hospital_assets.operations import status as module
    from hospital_assets.services.kafka.cluster import KafkaCluster

    settings, period = load_settings(), load_hospital().period
    with dagster_instance() as instance:
        found = module.status(
            instance,
            period,
            open_lake(settings),
            open_warehouse(settings),
            open_stream(settings),
            broker_is_up=KafkaCluster.of(settings).is_up(),
            instant=datetime.now(UTC),
        )
    if as_json:
        typer.echo(json.dumps(asdict(found), default=str, indent=2))
    else:
        Console(highlight=False).print(_table(found))


def materialize(
    asset: Annotated[str, typer.Argument(help="A daily extract, such as patients.")],
    day: Annotated[str, typer.Argument(help="The simulated day, such as 2021-03-01.")],
) -> None:
    """Materialize one day of an asset and what it is made from, in the lake and in PostgreSQL."""
    name, days = arguments.extract(asset), _days(day, day)
    from hospital_assets.history.instance import instance_of_a_command
    from hospital_assets.operations.execution import run, with_upstream

    console = Console(highlight=False)
    keys = with_upstream(name)
    with instance_of_a_command() as instance, console.status(f"materializing {name} of {day}"):
        run(instance, days, keys)
    done = ", ".join(key.to_user_string() for key in keys)
    console.print(f"Materialized {done} for {day}.", soft_wrap=True)


def backfill(first: First, last: Last) -> None:
    """Materialize everything for a range of days; what is there already is left alone."""
    days = _days(first, last)
    from hospital_assets.history.instance import instance_of_a_command
    from hospital_assets.operations.backfill import backfill

    console = Console(highlight=False)
    with instance_of_a_command() as instance, _progress(console) as progress:
        task = progress.add_task(str(days), total=days.length)
        with closing(backfill(instance, days)) as steps:
            there = next(steps)
            progress.advance(task, there)
            made = 0
            for done in steps:
                made += done
                progress.advance(task, done)
    console.print(f"Backfilled {made} days; {there} were there already.")


def verify(
    first: Annotated[str | None, typer.Argument(help="First day; default: all there is.")] = None,
    last: Annotated[str | None, typer.Argument(help="Last day, included.")] = None,
) -> None:
    """Compute days again and compare lake, database and laws; exit code 1 if anything differs."""
    if first is not None and last is None:
        last = first
    asked = _days(first, last) if first is not None and last is not None else None
    from hospital_assets.calendar.period import by_month
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_lake, open_warehouse
    from hospital_assets.operations.verification import verify

    console = Console(highlight=False)
    settings, hospital = load_settings(), load_hospital()
    lake, warehouse = open_lake(settings), open_warehouse(settings)
    days = asked.days if asked else _everything(lake, warehouse)
    if not days:
        console.print("There is nothing to verify yet: no day is in the lake or the database.")
        return
    differences = 0
    with _progress(console) as progress:
        task = progress.add_task("verifying", total=len(days))
        for part in by_month(days):
            for finding in verify(hospital, lake, warehouse, part):
                differences += 1
                progress.console.print(
                    f"{finding.day} {finding.record}, {finding.place}: {finding.problem}",
                    soft_wrap=True,
                )
            progress.advance(task, part.length)
    if differences:
        console.print(f"[red]{differences} differences in {len(days)} days.[/red]")
        raise typer.Exit(1)
    console.print(
        f"{len(days)} days, {days[0]} to {days[-1]}: lake, database and laws agree"
        " with the simulation."
    )


def _days(first: str, last: str) -> "Period":
    from hospital_assets.configuration.hospital_files import load_hospital

    return arguments.day_range(first, last, load_hospital().period)


def _everything(lake: "Lake", warehouse: "Warehouse") -> list[date]:
    """Return the days that lake or database have anything of."""
    from hospital_assets.registry import IN_BATCH_LAKE

    warehouse.create_schema()
    found: set[date] = set()
    for record in (row.contract for row in IN_BATCH_LAKE):
        found.update(lake.days(record), warehouse.days(record) if record.is_daily else ())
    return sorted(found)


class _Rate(ProgressColumn):
    """Days a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("days" if speed is None else f"days, {speed:.1f}/s")


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _table(found: "Status") -> Table:
    table = Table.grid(padding=(0, 2))
    if found.epoch is None or found.next_tick is None:
        table.add_row("clock", "not started: the first `hospital up` starts it")
    else:
        table.add_row("clock", f"started {found.epoch:%Y-%m-%d %H:%M} UTC, {_pace(found)}")
        table.add_row("next tick", f"{found.next_tick:%Y-%m-%d %H:%M:%S} UTC")
    table.add_row("newest day", str(found.newest_day or "none"))
    table.add_row("days", f"{found.days_materialized} materialized, {found.days_due} due")
    shown = ", ".join(str(day) for day in found.gaps[:_GAPS_SHOWN])
    more = f" and {len(found.gaps) - _GAPS_SHOWN} more" if len(found.gaps) > _GAPS_SHOWN else ""
    table.add_row("gaps", (shown + more) or "none")
    table.add_row("under way", f"{len(found.under_way)} days" if found.under_way else "nothing")
    for name, days in found.lake_days.items():
        rows = found.table_rows.get(name, 0)
        table.add_row(name, f"{days:,} days in the lake, {rows:,} rows in PostgreSQL")
    for name in sorted(found.table_rows.keys() - found.lake_days.keys()):
        table.add_row(name, f"{found.table_rows[name]:,} rows in PostgreSQL")
    day, slot = found.last_slot or (None, None)
    table.add_row("last slot", f"{day}, slot {slot}" if day else "none")
    messages = None if found.lag is None else f"{sum(found.lag.values())} messages"
    table.add_row("lag", messages or "unknown: Kafka is not running")
    letters = ", ".join(f"{count} {reason}" for reason, count in found.dead_letters.items())
    table.add_row("dead letters", letters or "none")
    return table


def _pace(found: "Status") -> str:
    if found.campaign_days is not None:
        return f"the whole period in {found.campaign_days:g} days"
    return f"one day every {found.tick_seconds:g} seconds"
