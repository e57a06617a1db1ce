"""What a command says of what it can't use: one line, and never a trace."""

from pathlib import Path

import pytest

from hospital_assets.contracts.people import PEOPLE
from hospital_assets.resources.lake.file_store import FileStoreError
from hospital_assets.resources.lake.resource import Lake, LakeError
from tests.commands import hospital_in, stop_servers
from tests.resources.frames import MARCH_1, frame


def check_one_line(stderr: str, expected: str) -> None:
    assert stderr.startswith("hospital: ")
    assert stderr.count("\n") == 1, stderr
    assert expected in stderr


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("HOSPITAL_STATE", "{folder}/file", "correct HOSPITAL_STATE"),
        ("HOSPITAL_STATE", "{folder}/file/below", "correct HOSPITAL_STATE"),
        ("HOSPITAL_STATE", "{folder}/" + "x" * 300, "correct HOSPITAL_STATE"),
        ("HOSPITAL_STATE", "{folder}", "no state folder and not empty"),
        ("HOSPITAL_PROFILE", "huge", "choose from full, small"),
        ("HOSPITAL_CONFIGS", "{folder}/nowhere", "HOSPITAL_CONFIGS: "),
        ("HOSPITAL_TICK_SECONDS", "1e13", "HOSPITAL_TICK_SECONDS: "),
    ],
)
@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_setting_that_fits_nothing_is_named(
    command: str, variable: str, value: str, expected: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    result = hospital_in(tmp_path, **{variable: value.format(folder=tmp_path)})(command)
    assert result.returncode == 1
    check_one_line(result.stderr, expected)
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("lake", ["file", "file/below", "x" * 300])
def test_a_lake_that_can_be_no_folder_is_one_line(lake: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    made = Lake(str(tmp_path / lake))
    for call in (
        lambda: made.write(PEOPLE, frame(PEOPLE, [MARCH_1]), "f"),
        lambda: made.days(PEOPLE),
        lambda: made.read(PEOPLE, [MARCH_1]),
    ):
        with pytest.raises((FileStoreError, LakeError)) as caught:
            call()
        assert "\n" not in str(caught.value)
        assert str(tmp_path / lake) in str(caught.value)


def test_a_file_that_was_replaced_by_a_folder_is_told_and_can_be_made_again(
    tmp_path: Path,
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    lake.write(PEOPLE, frame(PEOPLE, [MARCH_1]), "f")
    file = Path(lake.path(PEOPLE, "csv", MARCH_1))
    file.unlink()
    file.mkdir()
    with pytest.raises(LakeError, match=r"take away what is in its place; then materialize"):
        lake.csv(PEOPLE, MARCH_1)
    with pytest.raises(FileStoreError, match=r"can't replace .*take away what is in its place"):
        lake.write(PEOPLE, frame(PEOPLE, [MARCH_1]), "f")
    file.rmdir()
    lake.write(PEOPLE, frame(PEOPLE, [MARCH_1]), "f")
    assert lake.csv(PEOPLE, MARCH_1)


@pytest.mark.parametrize("offset", ["0", str(2**63), "-1"])
def test_a_dead_letter_that_is_not_there_is_one_line(offset: str, tmp_path: Path) -> None:
    hospital = hospital_in(tmp_path)
    try:
        for command in ("show", "replay"):
            result = hospital("dead-letters", command, "--", "0", offset)
            assert result.returncode in (1, 2)
            check_one_line(result.stderr, "")
    finally:
        stop_servers(tmp_path)
