"""The JSON Schemas that are published for whoever sends events, one a stream type."""

import json
from functools import partial

from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.registry import STREAM_TYPES
from hospital_assets.resources.stream import wire
from tools.generated_file import GeneratedFile

FOLDER = ROOT / "docs" / "schemas"


def text(kind: StreamType) -> str:
    """Return the schema of an event as it is stored."""
    return json.dumps(wire.form(kind).json_schema(), indent=2) + "\n"


FILES = tuple(
    GeneratedFile(f"json_schema_{kind.name}", FOLDER / kind.schema_file, partial(text, kind))
    for kind in STREAM_TYPES
)
