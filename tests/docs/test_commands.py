"""The commands that pages show: each exists, with the options it is shown with."""

import re
import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import typer

from hospital_assets.cli import app
from hospital_assets.configuration.settings import ROOT
from tests.docs.pages import PAGES, code, command_lines

COMMAND = typer.main.get_command(app)
_NAME = "hospital"
_SUBSTITUTED = re.compile(r"\$\(([^()]*)\)")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
# Other code within text, such as the words of an error, is no command.
_BEGINNINGS = (f"{_NAME} ", f".venv/bin/{_NAME} ", "docker ", "eval ", "make ")
# They hand what follows to another program.
_PASSED_ON = ("sql",)


def shown(page: Path) -> Iterator[list[str]]:
    """Give the words of every command of a page, at a prompt or within the text."""
    within_text = (text for text in code(page) if text.startswith(_BEGINNINGS))
    for text in (*command_lines(page), *within_text):
        # A command whose output another one takes is a command of its own.
        for part in (*_SUBSTITUTED.findall(text), _SUBSTITUTED.sub("", text)):
            with suppress(ValueError):
                yield shlex.split(part, comments=True)


def calls_of_hospital(words: Sequence[str]) -> Iterator[list[str]]:
    """Give what follows each call of the command in some words, up to the end of that call."""
    starts = [number for number, word in enumerate(words) if Path(word).name == _NAME]
    for start in starts:
        rest = list(words[start + 1 :])
        ends = [number for number, word in enumerate(rest) if word in ("|", ">", ">>", ";", "&&")]
        yield rest[: ends[0]] if ends else rest


def fault(words: Sequence[str]) -> str | None:
    """Return what is wrong with a call of the command, given the words after its name."""
    command = COMMAND
    for number, word in enumerate(words):
        commands = getattr(command, "commands", None)
        if commands is not None:
            if word.startswith("-") or word == "...":
                return None
            if word not in commands:
                return f"there is no command {word!r}"
            command = commands[word]
        elif command.name in _PASSED_ON:
            return None
        elif word.startswith("--"):
            known = {option for one in command.params for option in one.opts} | {"--help"}
            if word.partition("=")[0] not in known:
                return f"{command.name} has no option {word}, shown as word {number}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    faults = [
        f"{_NAME} {' '.join(call)}: {found}"
        for words in shown(page)
        for call in calls_of_hospital(words)
        if (found := fault(call)) is not None
    ]
    assert faults == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_target_of_make_that_a_page_shows_exists(page: Path) -> None:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    called = [
        word
        for words in shown(page)
        if words[:1] == ["make"]
        for word in words[1:]
        if "=" not in word and word != "..."
    ]
    assert [word for word in called if word not in targets] == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["backfil", "2021-01-01"], "there is no command 'backfil'"),
        (["dead-letters", "mend"], "there is no command 'mend'"),
        (["tail", "--forever"], "tail has no option --forever, shown as word 1"),
        (["dead-letters", "list", "--json"], None),
        (["sql", "-c", "select 1"], None),
        ([], None),
    ],
)
def test_a_command_that_does_not_exist_is_found(words: list[str], problem: str | None) -> None:
    assert fault(words) == problem
