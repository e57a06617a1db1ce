"""The pages: their links lead somewhere, the files they name exist, README is short."""

import re
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import ROOT
from tests.docs.pages import PAGES, code, headings, links

_MOST_WORDS_OF_README = 900
_FILE = re.compile(r"[\w./-]+/|[\w./-]+\.(?:py|toml|json|md|sql|yaml|yml|svg|png)")
# A page says at its head below which folders its names of files are, or in a sentence beside them.
_FOLDERS = (
    "",
    "configs",
    "tests",
    "tests/analyst",
    "tests/simulation",
    "hospital_assets",
    "hospital_assets/resources",
    "hospital_assets/resources/stream",
    "hospital_assets/resources/warehouse",
    "hospital_assets/simulation",
)
# Files that a page invents, or that are made outside the repository.
_MADE_UP = re.compile(
    r"consultations|bed_notices|many_beds|datapackage\.json|backup\.json|override|secrets|^/|\.\.\."
)
# What pages say of files of former versions.
_OF_THE_PAST = ("CHANGELOG.md",)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    lost = [
        str(link)
        for link in links(page)
        if not link.file.exists()
        or (link.heading and link.file.suffix == ".md" and link.heading not in headings(link.file))
    ]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    if page.name in _OF_THE_PAST:
        return
    named = [text for text in code(page) if _FILE.fullmatch(text) and not _MADE_UP.search(text)]
    assert [text for text in named if not _exists(text)] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in reached:
            reached.add(page)
            ahead += [link.file for link in links(page) if link.file in PAGES]
    assert set(PAGES) - reached == set()


def test_the_readme_is_read_in_minutes() -> None:
    words = (ROOT / "README.md").read_text(encoding="utf-8").split()
    assert len(words) <= _MOST_WORDS_OF_README


def _exists(text: str) -> bool:
    return any((ROOT / folder / text).exists() for folder in _FOLDERS)
