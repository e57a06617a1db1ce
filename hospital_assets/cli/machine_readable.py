"""What commands print for programs: one JSON document on standard output, nothing else there."""

import json
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def print_json(content: Any) -> None:
    """Print a document of dataclasses, lists, tables and plain values; times as in ISO 8601."""
    typer.echo(as_json_text(content))


def as_json_text(content: Any) -> str:
    """Return what `print_json` prints."""
    return json.dumps(content, default=_plain, indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
