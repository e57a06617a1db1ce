"""The project's own image: this checkout and this interpreter, with what its Dockerfile sets."""

import json
import re
import sys
from pathlib import Path

from hospital_assets.settings import ROOT
from tests.stack.images.image import Image

_PROGRAMS = ("python", "python3", "hospital", "dagster", "dagster-daemon", "dagster-webserver")


def image(dockerfile: Path) -> Image:
    """Return the stand-in for the image that the Dockerfile makes."""
    instructions = _last_stage(dockerfile.read_text(encoding="utf-8"))
    environment = {}
    working_folder = "/"
    command: dict[str, list[str]] = {"ENTRYPOINT": [], "CMD": []}
    for name, argument in instructions:
        if name == "ENV":
            environment |= dict(re.findall(r'(\w+)="?([^"\s]*)"?', argument))
        elif name == "WORKDIR":
            working_folder = argument
        elif name in command:
            command[name] = json.loads(argument)
    # Of PATH and the like only this machine's are true.
    for variable in [each for each in environment if "PATH" in each or each == "VIRTUAL_ENV"]:
        del environment[variable]
    return Image(
        entrypoint=tuple(command["ENTRYPOINT"]),
        command=tuple(command["CMD"]),
        environment={**environment, "PYTHONPATH": str(ROOT)},
        programs={
            f"/usr/local/bin/{name}": f'exec {Path(sys.executable).parent / name} "$@"\n'
            for name in _PROGRAMS
        },
        places={working_folder: ROOT},
        working_folder=ROOT,
    )


def _last_stage(text: str) -> list[tuple[str, str]]:
    lines = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    found: list[tuple[str, str]] = []
    for line in filter(None, map(str.strip, lines)):
        name, _, argument = line.partition(" ")
        if name == "FROM":
            found = []
        found.append((name, argument.strip()))
    return found
