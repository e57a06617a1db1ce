"""What a stack leaves in the state folder, so that another process can find and end it."""

import os
from dataclasses import asdict, dataclass
from typing import Self

import psutil

from hospital_assets.processes.members import is_same
from hospital_assets.state.folder import StateFolder

LOCK = "stack"  # held by the supervisor for as long as it lives
_FILE = "stack.json"


@dataclass(frozen=True)
class StackRecord:
    """The name of a stack, its supervisor's process and the address of its page."""

    name: str
    pid: int
    created: float
    host: str
    port: int

    @classmethod
    def of_this_process(cls, name: str, host: str, port: int) -> Self:
        """Return a record that names this process as the supervisor."""
        return cls(name, os.getpid(), psutil.Process().create_time(), host, port)

    @classmethod
    def load(cls, state: StateFolder) -> Self | None:
        """Return the record of the latest stack, or None if there never was one."""
        try:
            return cls(**state.read_json(_FILE))
        except TypeError:
            return None  # absent, or written by another version

    def save(self, state: StateFolder) -> None:
        """Replace the record of the stack before."""
        state.write_json(_FILE, asdict(self))

    def is_supervised(self) -> bool:
        """Return whether the supervisor still runs."""
        return is_same(self.pid, self.created)
