"""The pages of the project, as their Markdown says: links, headings and code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from hospital_assets.configuration.settings import ROOT

PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)
_PROMPT = "$ "
_NO_PART_OF_A_SLUG = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Link:
    """Where a page points to: a file beside it (or nothing, for the page itself) and a heading."""

    page: Path
    target: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.target}"

    @property
    def file(self) -> Path:
        """The file that it names."""
        name = self.target.partition("#")[0]
        return (self.page.parent / name).resolve() if name else self.page

    @property
    def heading(self) -> str:
        """The heading that it names, as it stands in an address, or nothing."""
        return self.target.partition("#")[2]


def links(page: Path) -> list[Link]:
    """Return the links and pictures of a page that point to files of the project."""
    found = [token.attrGet("href") or token.attrGet("src") for token in _inline(page)]
    targets = [str(target) for target in found if target is not None]
    return [Link(page, target) for target in targets if not re.match(r"\w+:", target)]


@cache
def headings(page: Path) -> frozenset[str]:
    """Return the headings of a page, as they stand in addresses on a page of a code host."""
    tokens = _tokens(page)
    texts = [
        "".join(child.content for child in after.children or ())
        for token, after in pairwise(tokens)
        if token.type == "heading_open"
    ]
    return frozenset(_NO_PART_OF_A_SLUG.sub("", text.lower()).replace(" ", "-") for text in texts)


def code(page: Path) -> list[str]:
    """Return what a page writes as code within its text."""
    return [token.content for token in _inline(page) if token.type == "code_inline"]


def command_lines(page: Path) -> Iterator[str]:
    """Give each command that a page shows at a prompt; one that goes on in other lines is whole."""
    for token in _tokens(page):
        if token.type == "fence" and token.info == "console":
            lines = token.content.splitlines()
            for number, line in enumerate(lines):
                if line.lstrip().startswith(_PROMPT):
                    command = line.lstrip().removeprefix(_PROMPT)
                    rest = iter(lines[number + 1 :])
                    while command.count('"') % 2 and (more := next(rest, None)) is not None:
                        command += f"\n{more}"
                    yield command


def programs(page: Path) -> list[str]:
    """Return the Python programs that a page shows."""
    return [
        token.content for token in _tokens(page) if token.type == "fence" and token.info == "python"
    ]


def _inline(page: Path) -> Iterator[Token]:
    for token in _tokens(page):
        yield from token.children or ()


@cache
def _tokens(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))
