"""The JSON Schema that is published for whoever sends events."""

import json

from hospital_assets.configuration.settings import ROOT
from hospital_assets.resources.stream.wire import json_schema
from tools.generated_file import GeneratedFile

TARGET = ROOT / "docs" / "schemas" / "patient-transfer-v1.json"


def text() -> str:
    """Return the schema of an event as it is stored."""
    return json.dumps(json_schema(), indent=2) + "\n"


FILE = GeneratedFile("json_schemas", TARGET, text)
