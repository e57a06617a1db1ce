"""`.env.example` lists every variable that the settings read, and none that they don't."""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from hospital_assets.configuration.settings import ROOT, Settings


def variables(model: type[BaseModel], prefix: str = "HOSPITAL_") -> Iterator[str]:
    """Yield the variable of each setting; a group's keys follow two underscores."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from variables(kind, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def test_the_example_lists_the_variables_that_the_settings_read() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    listed = set(re.findall(r"^#(HOSPITAL_\w+)=", text, re.MULTILINE))
    assert listed == set(variables(Settings))
