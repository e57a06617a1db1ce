"""Mutations of the hospital's files: each value to its extremes, each list and table damaged."""

import json
import random
import re
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

Content = dict[str, Any]
Key = str | int
# Names of things stand for each other: one place in a thousand lists is one kind of place.
_IS_KEY_OF_RULES = re.compile(r"[a-z][a-z0-9_]*")
_EXTREMES: tuple[int | float, ...] = (
    0, -1, 1, 2**62, 0.0, -1.0, 1.0, 1e-12, 1e300, float("inf"), float("nan"), 100_000,
)  # fmt: skip
_DAYS = (date(1, 1, 1), date(1900, 2, 28), date(2024, 2, 29), date(9999, 12, 31))


@dataclass(frozen=True)
class Mutation:
    """A change of one place of one file; `value` makes the new value from the old one."""

    file: str
    path: tuple[Key, ...]
    what: str
    value: Callable[[Any], Any]

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.path))}: {self.what}"

    @property
    def kind_of_place(self) -> tuple[str, ...]:
        """The place but for which of many alike it is."""
        steps = (
            key if isinstance(key, str) and _IS_KEY_OF_RULES.fullmatch(key) else "*"
            for key in self.path
        )
        return (self.file, *steps)

    def write(self, configs: Path) -> None:
        """Change the file in a folder."""
        content = read(configs / self.file)
        part: Any = content
        for key in self.path[:-1]:
            part = part[key]
        part[self.path[-1]] = self.value(part[self.path[-1]])
        write(configs / self.file, content)


def read(file: Path) -> Content:
    """Return what a file says."""
    text = file.read_text(encoding="utf-8")
    found: Content = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    return found


def write(file: Path, content: Content) -> None:
    """Write a file of what it says."""
    text = tomli_w.dumps(content) if file.suffix == ".toml" else json.dumps(content)
    file.write_text(text, encoding="utf-8")


def every_mutation(configs: Path, files: tuple[str, ...]) -> Iterator[Mutation]:
    """Give each mutation of the files."""
    for file in files:
        for path, value in _places(read(configs / file)):
            for what, change in _changes(value):
                yield Mutation(file, path, what, change)


def sample(mutations: Iterator[Mutation], count: int, seed: int) -> list[Mutation]:
    """Return some mutations, each kind of place as likely as another, each at most once."""
    by_kind: dict[tuple[str, ...], list[Mutation]] = defaultdict(list)
    for one in mutations:
        by_kind[one.kind_of_place].append(one)
    chance = random.Random(seed)  # noqa: S311 - a seed that replays
    for of_kind in by_kind.values():
        chance.shuffle(of_kind)
    chosen: list[Mutation] = []
    while len(chosen) < count and by_kind:
        kinds = sorted(by_kind)
        for kind in chance.sample(kinds, min(len(kinds), count - len(chosen))):
            chosen.append(by_kind[kind].pop())
            if not by_kind[kind]:
                del by_kind[kind]
    return chosen


def copied(configs: Path, folder: Path) -> Path:
    """Return a copy of the files."""
    return Path(shutil.copytree(configs, folder))


def _places(part: Any, path: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], Any]]:
    """Give every place below, with its value."""
    keys: Any = ()
    if isinstance(part, dict):
        keys = part.keys()
    elif isinstance(part, list):
        keys = range(len(part))
    for key in keys:
        yield (*path, key), part[key]
        yield from _places(part[key], (*path, key))


def _changes(value: Any) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """Give what can be done to a value, with its name."""
    if isinstance(value, bool):
        yield "the contrary", lambda old: not old
    elif isinstance(value, int | float):
        for extreme in _EXTREMES:
            yield f"to {extreme!r}", lambda _, extreme=extreme: extreme
    elif isinstance(value, date):
        for day in _DAYS:
            yield f"to {day}", lambda _, day=day: day
    elif isinstance(value, str):
        yield "renamed", lambda old: f"{old}x"
        yield "emptied", lambda _: ""
    elif isinstance(value, list):
        yield "emptied", lambda _: []
        yield "doubled", lambda old: old + old
        yield "without its first", lambda old: old[1:]
        yield "without its last", lambda old: old[:-1]
        yield "backwards", lambda old: old[::-1]
    elif isinstance(value, dict):
        yield "emptied", lambda _: {}
        yield "without its first", lambda old: dict(list(old.items())[1:])
        yield "without its last", lambda old: dict(list(old.items())[:-1])
        yield "its first renamed", _first_renamed


def _first_renamed(old: Content) -> Content:
    return {
        f"{key}x" if not place else key: value for place, (key, value) in enumerate(old.items())
    }
