"""Commands for the stream: tail, and dead letters."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hospital_assets.cli.errors import CommandError

_SHOWN_BYTES = 2_000
_SHOWN_LETTERS = 60

dead_letters = typer.Typer(
    name="dead-letters", help="Look at messages that were no events, and replay them.",
    no_args_is_help=True,
)  # fmt: skip

stream_commands = typer.Typer(
    name="stream", help="Mend the stream after its topic or log was lost.", no_args_is_help=True
)

Partition = Annotated[int, typer.Argument(help="Partition of the topic.", min=0, max=2**31 - 1)]
Offset = Annotated[int, typer.Argument(help="Offset in the partition.", min=0, max=2**63 - 1)]
Topic = Annotated[str, typer.Option(help="The one that the list names, where it names one.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    app.command()(tail)
    dead_letters.command("list")(list_)
    dead_letters.command()(show)
    dead_letters.command()(replay)
    app.add_typer(dead_letters)
    stream_commands.command()(start_over)
    app.add_typer(stream_commands)


@stream_commands.callback()
def _stream() -> None:
    """Mend the stream after its topic or log was lost."""


def tail(
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="Stop after so many events.")
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Begin with the oldest event.")
    ] = False,
) -> None:
    """Follow the topic as a table; Ctrl-C ends it."""
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_stream
    from hospital_assets.resources.stream import wire

    console = Console(highlight=False)
    columns = {"slot": 4, "department": 26, "bed": 6, "reason": 22, "priority": 8}
    titles = "  ".join(f"{name:<{width}}" for name, width in columns.items())
    console.print(f"{'departed':<16}  {titles}  facility", soft_wrap=True)
    shown = 0
    try:
        for partition, offset, value in open_stream(load_settings()).follow(from_start=from_start):
            try:
                row = wire.decode(value).model_dump()
            except wire.BadMessage as error:
                console.print(f"[red]{partition}/{offset} is no event: {error}[/red]")
                continue
            texts = (f"{row[n]!s:<{w}}" for n, w in columns.items())
            console.print(
                f"{row['departed_at']:%Y-%m-%d %H:%M}  {'  '.join(texts)}  {row['facility']}",
                soft_wrap=True,
            )
            shown += 1
            if shown == count:
                return
    except KeyboardInterrupt:
        return


def list_(
    reason: Annotated[str | None, typer.Option(help="Only this kind of reason.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those replayed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
) -> None:
    """List dead letters, the latest first."""
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_stream
    from hospital_assets.resources.stream.wire import REASONS

    if reason is not None and reason not in REASONS:
        raise typer.BadParameter(f"{reason!r} is no reason; choose from {', '.join(REASONS)}")
    settings = load_settings()
    stream = open_stream(settings)
    found = stream.dead_letters(reason=reason, open_only=not everything, limit=limit)
    console = Console(highlight=False)
    if not found:
        console.print("No dead letters.")
        return
    # Only after a restore are there letters of a topic that is gone.
    others = any(letter.topic != settings.kafka.topic for letter in found)
    table = Table("partition", "offset", "reason", "message", "at", "replayed", box=None)
    if others:
        table.add_column("topic")
    for letter in found:
        table.add_row(
            str(letter.partition),
            str(letter.offset),
            letter.reason,
            _short(letter.message),
            f"{letter.at:%Y-%m-%d %H:%M:%S}",
            "yes" if letter.replayed_at else "",
            *([letter.topic] if others else []),
        )
    console.print(table)


def show(partition: Partition, offset: Offset, topic: Topic = "") -> None:
    """Show one dead letter whole: reason, headers and value."""
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_stream

    letter = open_stream(load_settings()).dead_letter(partition, offset, topic)
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
    typer.echo(json.dumps(content, default=str, indent=2, ensure_ascii=False))


def replay(partition: Partition, offset: Offset, topic: Topic = "") -> None:
    """Publish a dead letter again as it came, once its reason was mended."""
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_stream

    stream = open_stream(load_settings())
    letter = stream.dead_letter(partition, offset, topic)
    if letter.replayed_at is not None:
        raise CommandError(f"it was replayed on {letter.replayed_at:%Y-%m-%d %H:%M:%S} already")
    stream.replay([letter])
    Console(highlight=False).print(
        f"Replayed partition {partition} offset {offset}; the next run lands it."
    )


def start_over(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Forget what was published and landed, so that the next runs do it all again."""
    from hospital_assets.configuration.settings import load_settings
    from hospital_assets.from_settings import open_stream

    if not yes:
        typer.confirm("Empty the stream's tables and put its files aside?", abort=True)
    open_stream(load_settings()).start_over()
    Console(highlight=False).print("The next runs publish and land every due slot again.")


def _text(value: bytes | None) -> str | None:
    """Return bytes as readable text, cut where they are long."""
    if value is None:
        return None
    cut = value[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
    return cut if len(value) <= _SHOWN_BYTES else f"{cut} ... {len(value):,} bytes in all"


def _short(message: str) -> str:
    """Return the beginning of a message, for a line of a list."""
    return message if len(message) <= _SHOWN_LETTERS else f"{message[:_SHOWN_LETTERS]} ..."
