"""The progress bar of commands that work through days."""

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
from rich.text import Text


def days_progress(console: Console) -> Progress:
    """Return a bar of days with the time passed, the time left, and how fast it goes."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


class _Rate(ProgressColumn):
    """Days a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("days" if speed is None else f"days, {speed:.1f}/s")
