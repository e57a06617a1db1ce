"""The state folder: what is remembered, and who may read it."""

import stat
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from hospital_assets.state.folder import StateFolder, is_free


def mode(path: Path) -> int:
    """Return the permission bits of a file or folder."""
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    state.secret("key")
    assert mode(state.path) == 0o700
    assert {mode(file) for file in state.path.iterdir()} == {0o600}


def test_it_is_ignored_by_git_wherever_it_lies(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "elsewhere")
    state.prepare()
    assert (state.path / ".gitignore").read_text() == "*\n"


def test_a_secret_is_made_once_and_differs_between_checkouts(tmp_path: Path) -> None:
    one, other = StateFolder(tmp_path / "one"), StateFolder(tmp_path / "other")
    assert one.secret("key") == one.secret("key")
    assert one.secret("key") != other.secret("key")


def test_a_port_is_remembered(tmp_path: Path) -> None:
    port = StateFolder(tmp_path).free_port("web")
    assert StateFolder(tmp_path).free_port("web") == port
    assert StateFolder(tmp_path).remembered_port("web") == port


def test_a_taken_port_is_replaced(
    tmp_path: Path, occupy: Callable[[int], AbstractContextManager[None]]
) -> None:
    state = StateFolder(tmp_path)
    port = state.free_port("web")
    with occupy(port):
        assert not is_free(port)
        other = state.free_port("web", preferred=port)
        assert other != port
        assert state.free_port("web", preferred=port) == other
    assert state.free_port("web", preferred=port) == port


def test_two_services_never_share_a_port(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    assert state.free_port("web") != state.free_port("code", state.remembered_port("web"))
