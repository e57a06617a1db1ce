"""Commands for the records: status, materialize, backfill, verify and generate."""

from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hospital_assets.cli import arguments
from hospital_assets.cli.machine_readable import AsJson, print_json
from hospital_assets.cli.progress import days_progress

if TYPE_CHECKING:
    from hospital_assets.calendar.period import Period
    from hospital_assets.operations.status import Status
    from hospital_assets.operations.verification import Finding
    from hospital_assets.resources.lake.resource import Lake
    from hospital_assets.resources.warehouse.resource import Warehouse

_DAYS_SHOWN = 5

First = Annotated[str, typer.Argument(help="First day, such as 2021-01-01.")]
Last = Annotated[str, typer.Argument(help="Last day, included.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(status)
    app.command()(materialize)
    app.command()(backfill)
    app.command()(verify)
    app.command()(generate)


def status(as_json: AsJson = False) -> None:
    """Show the clock, the newest day, gaps and row counts."""
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.settings import NOT_OURS, load_settings
    from hospital_assets.from_settings import open_lake, open_streams, open_warehouse
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
            open_streams(settings),
            broker_is_up=KafkaCluster.of(settings).is_up(),
            instant=datetime.now(UTC),
        )
    if as_json:
        print_json(found)
    else:
        is_elsewhere = settings.kafka.mode == "elsewhere"
        unseen = NOT_OURS if is_elsewhere else "unknown: Kafka is not running"
        Console(highlight=False).print(_table(found, unseen))


def materialize(
    asset: Annotated[str, typer.Argument(help="A record of the lake, such as patients.")],
    day: Annotated[str, typer.Argument(help="The simulated day, such as 2021-03-01.")],
) -> None:
    """Materialize one day of an asset and what it is made from, in the lake and in PostgreSQL."""
    name, days = arguments.lake_record(asset), _days(day, day)
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
    from hospital_assets.operations.backfill import backfill

    console = Console(highlight=False)
    with days_progress(console) as progress:
        task = progress.add_task(str(days), total=days.length)
        with closing(backfill(days)) as steps:
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
    as_json: AsJson = False,
) -> None:
    """Compute days again and compare lake, database, streams and laws; 1 if anything differs."""
    if first is not None and last is None:
        last = first
    asked = _days(first, last) if first is not None and last is not None else None
    from hospital_assets.calendar.period import by_month
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_lake, open_streams, open_warehouse
    from hospital_assets.operations.stream_verification import verify_streams
    from hospital_assets.operations.verification import remedy, verify

    console = Console(highlight=False, stderr=as_json)
    settings, hospital = load_settings(), load_hospital()
    lake, warehouse = open_lake(settings), open_warehouse(settings)
    days = asked.days if asked else _everything(lake, warehouse)
    if not days:
        console.print("There is nothing to verify yet: no day is in the lake or the database.")
        if as_json:
            print_json({"days": 0, "differences": []})
        return
    differences: list[dict[str, object]] = []

    def tell(finding: "Finding", remedy: str) -> None:
        differences.append({**asdict(finding), "remedy": remedy})
        if not as_json:
            _print(progress.console, finding, remedy)

    with days_progress(console) as progress:
        task = progress.add_task("verifying", total=len(days))
        # First what mends the streams: a mart is counted from what they have landed.
        whole = asked or _span(days, warehouse)
        for finding in verify_streams(hospital, warehouse, open_streams(settings), whole):
            tell(finding, "")
        for part in by_month(days):
            for finding in verify(hospital, lake, warehouse, part):
                tell(finding, remedy(finding))
            progress.advance(task, part.length)
    if as_json:
        print_json({"days": len(days), "differences": differences})
    if differences:
        console.print(f"[red]{len(differences)} differences in {len(days)} days.[/red]")
        raise typer.Exit(1)
    console.print(
        f"{len(days)} days, {days[0]} to {days[-1]}: lake, database, streams and laws agree"
        " with the simulation."
    )


def generate(
    first: First,
    last: Last,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to; made if need be.")],
    form: Annotated[str, typer.Option("--format", help="csv, parquet or ndjson.")] = "csv",
    tables: Annotated[
        str | None, typer.Option("--tables", help="Names with commas between; default: all.")
    ] = None,
) -> None:
    """Write records as plain files, one a table and day; needs no server."""
    days = _days(first, last)
    from hospital_assets.from_settings import open_hospital
    from hospital_assets.operations.generation import generate

    names, form = arguments.tables(tables), arguments.form(form)
    console = Console(highlight=False)
    with days_progress(console) as progress:
        task = progress.add_task(str(days), total=days.length)
        for made in generate(open_hospital(), days, out, form, names):
            progress.advance(task, made)
    console.print(
        f"Wrote {', '.join(names)} of {days} to {out}, a {form} file a day.", soft_wrap=True
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


def _span(days: list[date], warehouse: "Warehouse") -> "Period":
    """Return the days from the first to the last of some and of all that streams have."""
    from hospital_assets.calendar.period import Period
    from hospital_assets.registry import STREAM_TYPES

    found = [*days, *(day for kind in STREAM_TYPES for day in warehouse.days(kind.record))]
    return Period(min(found), max(found))


def _print(console: Console, finding: "Finding", remedy: str) -> None:
    mended_by = f": `{remedy}`" if remedy else ""
    console.print(
        f"{finding.day} {finding.record}, {finding.place}: {finding.problem}{mended_by}",
        soft_wrap=True,
        markup=False,
    )


def _table(found: "Status", unseen_lag: str) -> Table:
    table = Table.grid(padding=(0, 2))
    if found.epoch is None or found.next_tick is None:
        table.add_row("clock", "not started: the first `hospital up` starts it")
    else:
        table.add_row("clock", f"started {found.epoch:%Y-%m-%d %H:%M} UTC, {_pace(found)}")
        table.add_row("next tick", f"{found.next_tick:%Y-%m-%d %H:%M:%S} UTC")
    table.add_row("newest day", str(found.newest_day or "none"))
    table.add_row("days", f"{found.days_there} of {found.days_due} due ones are there")
    table.add_row("gaps", _some(found.gaps))
    table.add_row(
        "ahead",
        f"{len(found.days_ahead)} days made by hand: {_some(found.days_ahead)}"
        if found.days_ahead
        else "none",
    )
    table.add_row("under way", f"{len(found.under_way)} days" if found.under_way else "nothing")
    for name, days in found.lake_days.items():
        rows = found.table_rows.get(name, 0)
        table.add_row(name, f"{days:,} days in the lake, {rows:,} rows in PostgreSQL")
    for name in sorted(found.table_rows.keys() - found.lake_days.keys()):
        table.add_row(name, f"{found.table_rows[name]:,} rows in PostgreSQL")
    day, slot = found.last_slot or (None, None)
    table.add_row("last slot", f"{day}, slot {slot}" if day else "none")
    messages = None if found.lag is None else f"{sum(found.lag.values())} messages"
    lost = " ".join(found.lost_logs.values())
    table.add_row("lag", lost or messages or unseen_lag)
    letters = ", ".join(f"{count} {reason}" for reason, count in found.dead_letters.items())
    table.add_row("dead letters", letters or "none")
    return table


def _some(days: list[date]) -> str:
    """Return the first of the days, and how many more there are."""
    shown = ", ".join(str(day) for day in days[:_DAYS_SHOWN])
    more = f" and {len(days) - _DAYS_SHOWN} more" if len(days) > _DAYS_SHOWN else ""
    return (shown + more) or "none"


def _pace(found: "Status") -> str:
    if found.campaign_days is not None:
        return f"the whole period in {found.campaign_days:g} days"
    return f"one day every {found.tick_seconds:g} seconds"
