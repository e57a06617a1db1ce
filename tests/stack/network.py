"""Loopback addresses in place of a project's networks, and the rewriting of what names services.

A container has two addresses: the one at which others reach it, and one that stands for its own
localhost. So a server that listens on its localhost alone is out of reach, as in a container.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.stack.composefile import Compose, Service

# Every address of 127.0.0.0/8 is a loopback address on Linux.
_REACHABLE = "127.{}.1.{}"
_LOCALHOST = "127.{}.2.{}"
_SEPARATOR = "\x1f"
_HOST_KEY = r"""(?:host["']?\s*[:=]\s*["']?|(?<!\S)(?:-h|--host)[\s=])"""


@dataclass(frozen=True)
class Network:
    """The addresses of a project's services, in the order of the compose file."""

    compose: Compose
    # Of its own, so that two projects may run beside each other.
    _project: int = field(default_factory=lambda: 1 + secrets.randbelow(254))
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = sorted(self._names(), key=len, reverse=True)
        name = "|".join(map(re.escape, names))
        pattern = re.compile(
            rf"(?i:(?P<key>{_HOST_KEY}))(?P<host>{name})(?![\w.-])"
            rf"|(?<![\w.-])(?<!\w/)(?P<place>{name})(?=:\d)"
        )
        object.__setattr__(self, "_pattern", pattern)

    def address(self, service: str) -> str:
        """Return the address at which others reach a service."""
        return _REACHABLE.format(self._project, self._number(service))

    def localhost(self, service: str) -> str:
        """Return what is localhost for a service."""
        return _LOCALHOST.format(self._project, self._number(service))

    def rewrite(self, text: str, service: str) -> str:
        """Return a text of a service with addresses where it names hosts.

        A name that is on none of its networks stays, and can't be resolved.
        """

        def replace(found: re.Match[str]) -> str:
            other = self._names()[found["host"] or found["place"]]
            if not self._networks(service) & self._networks(other):
                return found[0]
            return (found["key"] or "") + self.address(other)

        text = self._pattern.sub(replace, text)
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

    def _names(self) -> dict[str, str]:
        """Return the services, by each name that they have on a network."""
        return {
            name: service.name
            for service in self.compose.services.values()
            for name in (service.name, *service.aliases)
        }

    def _number(self, service: str) -> int:
        return list(self.compose.services).index(self._owner(service).name) + 1

    def _owner(self, service: str) -> Service:
        found = self.compose.services[service]
        return self._owner(found.shares_network_of) if found.shares_network_of else found

    def _networks(self, service: str) -> set[str]:
        return set(self._owner(service).networks)
