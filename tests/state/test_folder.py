"""The state folder: what is remembered, and who may read it."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import Settings
from hospital_assets.services.databases import Databases
from hospital_assets.state.errors import StateError, StateLockedError
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
    assert (state.path / ".gitignore").read_text().splitlines()[-1] == "*"


def test_an_empty_folder_becomes_a_private_one(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "empty")
    state.path.mkdir(mode=0o755)
    state.secret("key")
    assert mode(state.path) == 0o700


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", ".gitignore"])
def test_a_folder_of_somebody_else_is_refused_and_left_alone(tmp_path: Path, name: str) -> None:
    state = StateFolder(tmp_path / "theirs")
    state.path.mkdir(mode=0o755)
    (state.path / name).write_text("theirs")
    with pytest.raises(StateError, match="no state folder and not empty"):
        state.secret("key")
    with pytest.raises(StateError, match="no state folder and not empty"):
        Databases.of(Settings(state=state.path)).hospital_url()
    assert mode(state.path) == 0o755
    assert [file.name for file in state.path.iterdir()] == [name]


def test_a_state_folder_of_an_older_version_is_known(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    (tmp_path / ".gitignore").write_text("*\n")
    (tmp_path / "ports.json").write_text('{"web": 20001}')
    assert state.free_port("web") == 20001


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_what_can_be_no_folder_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("no folder")
    state = StateFolder(tmp_path / name)
    with pytest.raises(StateError, match=r"can't be the state folder: .*; correct HOSPITAL_STATE"):
        state.secret("key")


def test_processes_that_make_it_at_once_all_find_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            state = StateFolder(tmp_path / str(number))
            secrets = [pool.submit(state.secret, "key") for _ in range(8)]
            assert len({one.result() for one in secrets}) == 1


def test_a_lock_that_another_holds_too_long_is_one_line(tmp_path: Path) -> None:
    state = StateFolder(tmp_path / "state")
    with (
        state.lock("stack"),
        pytest.raises(StateLockedError, match=r"stack\.lock"),
        state.lock("stack", timeout=0),
    ):
        pytest.fail("somebody else has it")


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
