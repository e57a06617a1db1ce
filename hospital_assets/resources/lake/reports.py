"""The pictures in the lake: a file a picture and month, `reports/<theme>/<picture>-YYYY-MM.svg`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.file_store import FileStore

_NAME = re.compile(r"\.?(?P<picture>[a-z_]+)-(?P<month>\d{4}-\d{2})\.svg.*")


@dataclass(frozen=True)
class Reports:
    """The pictures below a lake's root. Every call raises FileStoreError if it can't be used.

    Pictures are drawn from days and can be drawn again, so that they have no manifest.
    """

    root: str

    def write(self, theme: str, month: date, pictures: Mapping[str, str]) -> dict[str, str]:
        """Put a month's pictures in place, and return where each lies, by name."""
        files = {name: _file(theme, name, month) for name in pictures}
        self._store.replace([[(files[name], pictures[name].encode())] for name in pictures])
        return {name: self._store.place(file) for name, file in files.items()}

    def months(self, theme: str, pictures: Sequence[str]) -> set[date]:
        """Return the months of which every one of the pictures is there, by their first day."""
        found: dict[str, set[date]] = {name: set() for name in pictures}
        for file in self._store.sizes(_folder(theme)):
            match = _NAME.fullmatch(file)
            if match and match["picture"] in found and not file.startswith("."):
                found[match["picture"]].add(date.fromisoformat(f"{match['month']}-01"))
        return set.intersection(*found.values())

    def remove(self, theme: str) -> None:
        """Remove a theme's pictures of every month, and nothing else that lies beside them."""
        for file in filter(_NAME.fullmatch, self._store.sizes(_folder(theme))):
            self._store.remove(f"{_folder(theme)}/{file}")

    @cached_property
    def _store(self) -> FileStore:
        return file_store.at(self.root)


def _folder(theme: str) -> str:
    return f"reports/{theme}"


def _file(theme: str, picture: str, month: date) -> str:
    return f"{_folder(theme)}/{picture}-{month:%Y-%m}.svg"
