"""The scorecard's targets, read from their file and validated."""

import json
import tomllib
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from hospital_assets.configuration.settings import SettingsError
from hospital_assets.insight.scorecard.scoring import complaint
from hospital_assets.insight.scorecard.target import Targets

FILE = "targets.toml"


def load_targets(configs: Path) -> Targets:
    """Return the targets of the file in `configs`.

    Raises SettingsError, in one line with file, key and expectation, if the file is unusable or
    doesn't have exactly the targets that are measured.
    """
    file = configs / FILE
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{file}: there is no such file; expected it beside the others"
        ) from None
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: not readable as toml: {error}") from None
    try:
        # JSON, since strict types know its lists as tuples and its texts as dates.
        targets = TypeAdapter(Targets).validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the whole"
        expected = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{file}: {key}: {expected}") from None
    if fault := complaint(targets):
        raise SettingsError(f"{file}: {fault}")
    return targets
