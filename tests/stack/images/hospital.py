"""The project's own image: what its Dockerfile copies and sets, with this interpreter."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from hospital_assets.containers.serving import SCHEDULER, command
from hospital_assets.locations import LOCATIONS
from hospital_assets.state.folder import LOCALHOST
from tests.commands import COMMAND
from tests.stack.images.image import Image

_LOCATION, _SCHEDULER = (command(name, LOCALHOST, 0) for name in (LOCATIONS[0], SCHEDULER))
_PYTHON, *_HOSPITAL = COMMAND
_PROGRAMS = {
    "python": [],
    "hospital": _HOSPITAL,
    "dagster": ["-m", _LOCATION[0]],
    "dagster-daemon": ["-m", _SCHEDULER[0]],
}
_FORMS = {"ENTRYPOINT": "entrypoint", "CMD": "command"}
_UNINSTALL = re.compile(r"\buninstall --yes ([\w\s-]+)")
_MKDIR, _PATH = re.compile(r"mkdir ([^&]+)"), re.compile(r"(?<=\s)/\S+")
_UNINSTALLED = Path(__file__).with_name("uninstalled")
_SETTING = re.compile(r'(\w+)=("[^"]*"|\S*)')


def image(dockerfile: Path) -> Image:
    """Return the stand-in for the image that the Dockerfile makes."""
    stages: dict[str, dict[str, str]] = {}
    environment: dict[str, str] = {}
    words: dict[str, tuple[str, ...]] = {}
    copies: list[tuple[Path, str]] = []
    uninstalled: list[str] = []
    made: list[str] = []
    folder = PurePosixPath("/")
    for name, argument in _instructions(dockerfile):
        if name == "FROM":
            base, _, stage = argument.partition(" AS ")
            environment, words, folder = dict(stages.get(base, {})), {}, PurePosixPath("/")
            stages[stage] = environment
        elif name == "ENV":
            environment |= {key: value.strip('"') for key, value in _SETTING.findall(argument)}
        elif name == "WORKDIR":
            folder /= argument
        elif name in _FORMS:
            words[_FORMS[name]] = tuple(json.loads(argument))
        elif name == "RUN":
            uninstalled += _UNINSTALL.findall(argument)
            made += [word for words in _MKDIR.findall(argument) for word in _PATH.findall(words)]
        elif name == "COPY":
            # What a stage has from another one, that one has copied to the same place.
            copies += _copies(dockerfile.parent, folder, argument)
    # Of the first two only this machine's are true; bytecode comes with the image.
    for variable in ("PATH", "HOME", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(variable, None)
    return Image(
        entrypoint=words.get("entrypoint", ()),
        command=words.get("command", ()),
        environment={
            **environment,
            # Above the checkout that is installed in the environment of the tests.
            "PYTHONPATH": f"{folder}:{_UNINSTALLED}",
            "UNINSTALLED": " ".join(uninstalled).replace("-", "_"),
        },
        programs={
            f"/usr/local/bin/{name}": f'exec {shlex.join([_PYTHON, *options])} "$@"\n'
            for name, options in _PROGRAMS.items()
        },
        made=tuple(made),
        copies=tuple(copies),
        working_folder=str(folder),
    )


def _instructions(dockerfile: Path) -> Iterator[tuple[str, str]]:
    text = re.sub(r"^\s*#.*\n", "", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            name, _, argument = line.strip().partition(" ")
            yield name.upper(), argument.strip()


def _copies(context: Path, folder: PurePosixPath, argument: str) -> Iterator[tuple[Path, str]]:
    *sources, target = [word for word in argument.split() if not word.startswith("--chown")]
    place = folder / target
    for source in sources:
        if source.startswith("--from"):
            return
        path = context / source
        named = target.endswith("/")
        yield path, str(place / path.name if named and path.is_file() else place)
