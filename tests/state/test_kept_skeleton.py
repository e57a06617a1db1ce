"""A kept skeleton is the one that would be made, and what happens to it costs time only."""

import shutil
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from hospital_assets import simulation
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.hospital_files import load_parameters, load_words
from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import make_extracts
from hospital_assets.simulation import Hospital, Parameters, skeleton
from hospital_assets.state import kept_skeleton as module
from hospital_assets.state.folder import StateFolder
from hospital_assets.state.kept_skeleton import columns_of, kept_skeleton

SEED = 11


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    """The small hospital's, for a quarter of a year."""
    whole = load_parameters(ROOT / "configs", "small")
    return replace(whole, period=Period(date(2022, 10, 1), date(2022, 12, 31)))


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    """A folder that nothing was kept in."""
    return StateFolder(tmp_path / "state")


def files(state: StateFolder) -> list[Path]:
    """Return what is kept."""
    return sorted(state.path.glob("skeleton-*"))


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be made from here on."""
    monkeypatch.delattr(skeleton, "make_skeleton")


def test_a_day_is_the_same_from_a_skeleton_that_was_kept(
    state: StateFolder, parameters: Parameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, day = load_words(), parameters.period.day(40)
    made = make_extracts(Hospital(SEED, parameters, words), Period(day, day))
    kept_skeleton(state, SEED, parameters)
    forbid(monkeypatch)
    keeping = Hospital(SEED, parameters, words, partial(kept_skeleton, state))
    kept = make_extracts(keeping, Period(day, day))
    assert list(kept) == list(made) != []
    for name in made:
        assert kept[name].equals(made[name]), name


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", None], ids=["empty", "cut", "flipped"])
def test_a_damaged_file_is_made_again(
    state: StateFolder,
    parameters: Parameters,
    damage: bytes | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = kept_skeleton(state, SEED, parameters)
    (file,) = files(state)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(
        whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        if damage is None
        else damage
    )
    again = kept_skeleton(state, SEED, parameters)
    forbid(monkeypatch)
    for found in (again, kept_skeleton(state, SEED, parameters)):
        columns = dict(columns_of(found))
        for name, column in columns_of(made):
            assert (columns[name] == column).all(), name


@pytest.mark.parametrize("change", ["seed", "parameters", "source"])
def test_a_change_of_what_they_follow_from_makes_them_anew_and_leaves_one_file(
    state: StateFolder, parameters: Parameters, change: str, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    kept_skeleton(state, SEED, parameters)
    before = files(state)
    if change == "source":
        (tmp_path / "stays.py").write_text("another way to make stays", encoding="utf-8")
        monkeypatch.setattr(module.resources, "files", lambda _: tmp_path)
    other = replace(parameters, facility_code="OTHER") if change == "parameters" else parameters
    kept_skeleton(state, SEED + (change == "seed"), other)
    assert len(files(state)) == 1
    assert files(state) != before


@pytest.mark.parametrize("file", ["hospital.py", "stays/returns.py", "parameters/hospital.py"])
def test_a_changed_module_anywhere_in_the_simulation_makes_them_anew(
    state: StateFolder, parameters: Parameters, file: str, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    source = tmp_path / "simulation"
    shutil.copytree(Path(simulation.__file__).parent, source)
    monkeypatch.setattr(module.resources, "files", lambda _: source)
    kept_skeleton(state, SEED, parameters)
    before = files(state)
    kept_skeleton(state, SEED, parameters)
    assert files(state) == before
    with (source / file).open("a", encoding="utf-8") as changed:
        changed.write("# changed\n")
    kept_skeleton(state, SEED, parameters)
    assert len(files(state)) == 1
    assert files(state) != before


def test_a_folder_that_takes_nothing_is_no_obstacle(tmp_path: Path, parameters: Parameters) -> None:
    (tmp_path / "state").write_text("a file where the folder should be", encoding="utf-8")
    found = kept_skeleton(StateFolder(tmp_path / "state"), SEED, parameters)
    assert len(found.stays.persons) > 0


def test_no_other_user_can_read_them(state: StateFolder, parameters: Parameters) -> None:
    kept_skeleton(state, SEED, parameters)
    (file,) = files(state)
    assert file.stat().st_mode & 0o777 == 0o600
