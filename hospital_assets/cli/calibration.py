"""The command that shows how plausible the hospital is: calibrate."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from hospital_assets.cli import arguments
from hospital_assets.cli.machine_readable import AsJson, print_json
from hospital_assets.cli.progress import days_progress

if TYPE_CHECKING:
    from hospital_assets.insight.scorecard.scoring import Line

_COLOURS = {"met": "green", "within chance": "yellow", "missed": "red", "too few days": "dim"}


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(calibrate)


def calibrate(
    first: Annotated[str | None, typer.Argument(help="First day; default: the period.")] = None,
    last: Annotated[str | None, typer.Argument(help="Last day, included.")] = None,
    as_json: AsJson = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit code 1 if a target is missed.")
    ] = False,
) -> None:
    """Show figures of the hospital beside their targets; the records are made for it."""
    from hospital_assets.configuration.hospital_files import load_hospital
    from hospital_assets.configuration.scorecard_targets import load_targets
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.insight.scorecard.scoring import MISSED
    from hospital_assets.operations.calibration import Calibration

    hospital = load_hospital()
    days = hospital.period
    if first is not None:
        days = arguments.day_range(first, last or first, hospital.period)
    calibration = Calibration(hospital, load_targets(load_settings().configs))
    with days_progress(Console(stderr=True, highlight=False)) as progress:
        task = progress.add_task("calibrating", total=days.length)
        for month in calibration.look_at(days):
            progress.advance(task, month.length)
    lines = calibration.lines()
    if as_json:
        print_json({"days": str(days), "lines": lines})
    else:
        console = Console(highlight=False)
        console.print(_table(lines))
        console.print(_summary(lines, str(days)), soft_wrap=True)
    if strict and any(line.verdict == MISSED for line in lines):
        raise typer.Exit(1)


def _table(lines: list["Line"]) -> Table:
    table = Table("line", "target", "value", "95 %", "verdict", "source", box=None, pad_edge=False)
    theme = ""
    for line in lines:
        if line.theme != theme:
            theme = line.theme
            table.add_row(f"[bold]{theme}[/bold]")
        verdict = f"[{_COLOURS[line.verdict]}]{line.verdict}[/]"
        table.add_row(
            line.title,
            f"{line.target} {line.unit}".strip(),
            _short(line.value),
            f"{_short(line.low)} to {_short(line.high)}" if line.value is not None else "",
            verdict,
            f"{line.source}: {line.citation}" if line.citation else line.source,
        )
    return table


def _summary(lines: list["Line"], days: str) -> str:
    counts = (f"{sum(line.verdict == verdict for line in lines)} {verdict}" for verdict in _COLOURS)
    return f"{days}: {len(lines)} lines, {', '.join(counts)}."


def _short(value: float | None) -> str:
    """Return a figure with three digits that count, and no more of a large one."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
