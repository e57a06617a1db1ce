"""Commands for the stream: tail, and dead letters."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from hospital_assets.cli import arguments
from hospital_assets.cli.errors import CommandError
from hospital_assets.cli.machine_readable import AsJson, print_json

if TYPE_CHECKING:
    from hospital_assets.resources.stream.resource import Stream

_SHOWN_BYTES = 2_000
_SHOWN_LETTERS = 60
_SHOWN_FAULTS = 5

dead_letters = typer.Typer(
    name="dead-letters", help="Look at messages that were no events, and replay them.",
    no_args_is_help=True,
)  # fmt: skip

stream_commands = typer.Typer(name="stream", help="Mend a stream.", no_args_is_help=True)

Partition = Annotated[int, typer.Argument(help="Partition of the topic.", min=0, max=2**31 - 1)]
Offset = Annotated[int, typer.Argument(help="Offset in the partition.", min=0, max=2**63 - 1)]
Topic = Annotated[str, typer.Option(help="The one that the list names, where it names one.")]
StreamName = Annotated[str, typer.Option("--stream", help="The record that the events become.")]
_FIRST = "transfers"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(tail)
    app.command()(publish)
    dead_letters.command("list")(list_)
    dead_letters.command()(show)
    dead_letters.command()(replay)
    dead_letters.command("set-aside")(set_aside)
    app.add_typer(dead_letters)
    stream_commands.command()(start_over)
    stream_commands.command()(repair)
    app.add_typer(stream_commands)


@stream_commands.callback()
def _stream() -> None:
    """Mend a stream."""


def tail(
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="Stop after so many events.")
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Begin with the oldest event.")
    ] = False,
    name: StreamName = _FIRST,
) -> None:
    """Follow a topic as a table; Ctrl-C ends it."""
    stream = _open(name)
    from hospital_assets.resources.stream import wire

    console = Console(highlight=False)
    kind, form = stream.kind, wire.form(stream.kind)
    titles = [f"{kind.time_column.removesuffix('_at'):<16}"]
    titles += [f"{title:<{width}}" for title, width in kind.summary]
    console.print("  ".join(titles).rstrip(), soft_wrap=True)
    shown = 0
    try:
        for partition, offset, value in stream.follow(from_start=from_start):
            try:
                row = form.decode(value, within=stream.period).model_dump()
            except wire.BadMessage as error:
                console.print(f"[red]{partition}/{offset} is no event: {error}[/red]")
                continue
            texts = [f"{row[kind.time_column]:%Y-%m-%d %H:%M}"]
            texts += [f"{row[column]!s:<{width}}" for column, width in kind.summary]
            console.print("  ".join(texts).rstrip(), soft_wrap=True)
            shown += 1
            if shown == count:
                return
    except KeyboardInterrupt:
        return


def publish(
    file: Annotated[Path, typer.Argument(help="JSON objects, one a line; - is standard input.")],
    name: StreamName = _FIRST,
) -> None:
    """Send anybody's events to a topic, as they are; what is none becomes a dead letter."""
    stream = _open(name)
    try:
        with nullcontext(sys.stdin.buffer) if str(file) == "-" else file.open("rb") as lines:
            faults = stream.send(line.rstrip(b"\r\n") for line in lines if line.strip())
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    bad = [(number, fault) for number, fault in enumerate(faults, 1) if fault is not None]
    for number, fault in bad[:_SHOWN_FAULTS]:
        typer.echo(f"message {number} is no event ({fault.reason}): {fault}", err=True)
    others = f", of which {len(bad)} become dead letters" if bad else ""
    typer.echo(f"Sent {len(faults)} messages to {stream.topic}{others}; the next run lands them.")


def list_(
    reason: Annotated[str | None, typer.Option(help="Only this kind of reason.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those replayed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: AsJson = False,
    name: StreamName = _FIRST,
) -> None:
    """List dead letters, the latest first."""
    from hospital_assets.resources.stream.wire import REASONS

    if reason is not None and reason not in REASONS:
        raise typer.BadParameter(f"{reason!r} is no reason; choose from {', '.join(REASONS)}")
    stream = _open(name)
    found = stream.dead_letters(reason=reason, open_only=not everything, limit=limit)
    if as_json:
        print_json(found)
        return
    if not found:
        typer.echo("No dead letters.")
        return
    # Only after a restore are there letters of a topic that is gone.
    others = any(letter.topic != stream.topic for letter in found)
    lines = [["partition", "offset", "reason", "message", "at", "replayed"]]
    lines += [
        [
            str(letter.partition),
            str(letter.offset),
            letter.reason,
            _short(letter.message),
            f"{letter.at:%Y-%m-%d %H:%M:%S}",
            "yes" if letter.replayed_at else "",
        ]
        for letter in found
    ]
    if others:
        topics = ["topic", *(letter.topic for letter in found)]
        lines = [[*line, topic] for line, topic in zip(lines, topics, strict=True)]
    # A line a letter, however narrow the terminal is, or whatever reads it.
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def show(
    partition: Partition, offset: Offset, topic: Topic = "", name: StreamName = _FIRST
) -> None:
    """Show one dead letter whole: reason, headers and value."""
    letter = _open(name).dead_letter(partition, offset, topic)
    content = {
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "reason": letter.reason,
        "message": letter.message,
        "exception": letter.exception,
        "event_id": letter.event_id,
        "at": letter.at,
        "replayed_at": letter.replayed_at,
        "key": _text(letter.key),
        "headers": [[name, _text(value)] for name, value in letter.headers],
        "value": _text(letter.value),
    }
    print_json(content)


def replay(
    partition: Partition, offset: Offset, topic: Topic = "", name: StreamName = _FIRST
) -> None:
    """Publish a dead letter again as it came, once its reason was mended."""
    stream = _open(name)
    letter = stream.dead_letter(partition, offset, topic)
    if letter.replayed_at is not None:
        raise CommandError(f"it was replayed on {letter.replayed_at:%Y-%m-%d %H:%M:%S} already")
    stream.replay([letter])
    Console(highlight=False).print(
        f"Replayed partition {partition} offset {offset}; the next run lands it."
    )


def set_aside(
    partition: Partition, offset: Offset, topic: Topic = "", name: StreamName = _FIRST
) -> None:
    """Make a landed event a dead letter: its row and its line in the lake go."""
    stream = _open(name)
    place = stream.set_aside(partition, offset, topic)
    Console(highlight=False).print(
        f"Set {place.event_id} aside; `hospital dead-letters replay {partition} {offset}` undoes"
        " it. The next runs bring what is missing of its slot and count its day again.",
        soft_wrap=True,
    )


def repair(name: StreamName = _FIRST) -> None:
    """Compare all files and rows with what was landed, mend them, and land what is new."""
    report = _open(name).land(thoroughly=True)
    Console(highlight=False).print(
        f"Wrote {report.rebuilt} files again, brought {report.restored} rows back and removed"
        f" {report.removed} that no event is of; landed {report.rows} new events.",
        soft_wrap=True,
    )


def start_over(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    name: StreamName = _FIRST,
) -> None:
    """Forget what was published and landed, so that the next runs do it all again."""
    stream = _open(name)
    if not yes:
        typer.confirm("Empty the stream's tables and put its files aside?", abort=True)
    stream.start_over()
    Console(highlight=False).print("The next runs publish and land every due slot again.")


def _open(name: str) -> "Stream":
    """Return the stream that an argument names."""
    kind = arguments.stream_type(name)
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_stream

    return open_stream(load_settings(), kind)


def _text(value: bytes | None) -> str | None:
    """Return bytes as readable text, cut where they are long."""
    if value is None:
        return None
    cut = value[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
    return cut if len(value) <= _SHOWN_BYTES else f"{cut} ... {len(value):,} bytes in all"


def _short(message: str) -> str:
    """Return the beginning of a message, for a line of a list."""
    return message if len(message) <= _SHOWN_LETTERS else f"{message[:_SHOWN_LETTERS]} ..."
