"""What a generated file is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hospital_assets.configuration.settings import ROOT


@dataclass(frozen=True)
class GeneratedFile:
    """A committed file that a generator writes; `name` is what the command line calls it."""

    name: str
    target: Path
    text: Callable[[], str]
    needs_network: bool = False

    @property
    def place(self) -> str:
        """The target as a person would name it."""
        inside = self.target.is_relative_to(ROOT)
        return str(self.target.relative_to(ROOT) if inside else self.target)

    def is_up_to_date(self) -> bool:
        """Return whether the target holds, byte for byte, what its generator says now."""
        return self.target.exists() and self.target.read_bytes() == self.text().encode()

    def write(self) -> None:
        """Write the target anew."""
        self.target.write_bytes(self.text().encode())
