"""The account that owns the embedded PostgreSQL, which refuses to run as root."""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self, TypedDict

_ACCOUNT = "embedded_postgres"


class Credentials(TypedDict, total=False):
    """The arguments of `subprocess.run` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerUser:
    """An account to run servers as; `uid` is None for the account of this process."""

    uid: int | None
    gid: int | None

    @classmethod
    def for_this_process(cls) -> Self:
        """Return the account for servers: our own, or for root one without privileges."""
        if os.geteuid() != 0:
            return cls(None, None)
        return cls(*_unprivileged_account())

    def credentials(self) -> Credentials:
        """Return what `subprocess.run` needs to run a program as this account."""
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def admit(self, state: Path, data: Path, programs: Path) -> None:
        """Make a folder for the server's data that nobody else can read.

        For root also lets the account pass through (not list) the folders above `data` and
        `programs`, since it could reach neither otherwise.
        """
        data.mkdir(mode=0o700, exist_ok=True)
        if self.gid is None:
            return
        self.own(data)
        os.chown(state, -1, self.gid)
        state.chmod(0o710)
        for folder in {*state.parents, *programs.resolve().parents}:
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)


@cache
def _unprivileged_account() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam(_ACCOUNT)
    except KeyError:
        # Fails too if another checkout makes the account at this moment: then it exists.
        subprocess.run(
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", _ACCOUNT],
            check=False,
            capture_output=True,
        )
        entry = pwd.getpwnam(_ACCOUNT)
    return entry.pw_uid, entry.pw_gid
