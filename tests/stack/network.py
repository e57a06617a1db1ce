"""Loopback addresses in place of a project's network, and the rewriting of what names services.

A service has two addresses: the one at which others reach it, and one that stands for its own
localhost. So a server that listens on its localhost alone is out of reach, as in a container.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# Every address of 127.0.0.0/8 is a loopback address on Linux.
_REACHABLE = "127.0.10.{}"
_LOCALHOST = "127.0.11.{}"
_SEPARATOR = "\x1f"
_HOST_KEY = r"""(?:host["']?\s*[:=]\s*["']?|(?<!\S)(?:-h|--host)[\s=])"""


@dataclass(frozen=True)
class Network:
    """The addresses of the services, in the order of the compose file."""

    names: tuple[str, ...]
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        name = "|".join(map(re.escape, sorted(self.names, key=len, reverse=True)))
        pattern = re.compile(
            rf"(?i:(?P<key>{_HOST_KEY}))(?P<host>{name})(?![\w.-])"
            rf"|(?<![\w.-])(?<!\w/)(?P<place>{name})(?=:\d)"
        )
        object.__setattr__(self, "_pattern", pattern)

    def address(self, service: str) -> str:
        """Return the address at which others reach a service."""
        return _REACHABLE.format(self.names.index(service) + 1)

    def localhost(self, service: str) -> str:
        """Return what is localhost for a service."""
        return _LOCALHOST.format(self.names.index(service) + 1)

    def rewrite(self, text: str, service: str) -> str:
        """Return a text of a service with addresses where it names hosts."""
        text = self._pattern.sub(self._replace, text)
        text = re.sub(r"0\.0\.0\.0|\[::\]", self.address(service), text)
        return re.sub(r"\b(?:127\.0\.0\.1|localhost)\b", self.localhost(service), text)

    def rewrite_words(self, words: Iterable[str], service: str) -> list[str]:
        """Return the words of a command, in which an option and its value are two words."""
        return self.rewrite(_SEPARATOR.join(words), service).split(_SEPARATOR)

    def rewrite_variables(self, variables: Mapping[str, str], service: str) -> dict[str, str]:
        """Return an environment, in which the name of a variable says whether it is a host."""
        return {
            name: self.rewrite(f"{name}={value}", service).removeprefix(f"{name}=")
            for name, value in variables.items()
        }

    def _replace(self, found: re.Match[str]) -> str:
        return (found["key"] or "") + self.address(found["host"] or found["place"])
