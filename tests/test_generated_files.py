"""The files that generators write: up to date, and named with what mends them where they aren't."""

from dataclasses import replace
from pathlib import Path

import pytest

from tools import generate, json_schemas, kafka_jars
from tools.generated_file import GeneratedFile


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GeneratedFile:
    """A generated file, the only one, that somebody has written into by hand."""
    file = replace(json_schemas.FILES[0], target=tmp_path / "changed.json")
    file.target.write_text(file.text() + "more\n", encoding="utf-8")
    monkeypatch.setattr(generate, "FILES", (file,))
    return file


@pytest.mark.parametrize("file", generate.default_files(), ids=lambda file: file.name)
def test_a_generated_file_is_what_its_generator_writes(file: GeneratedFile) -> None:
    assert generate.complaints([file]) == []


def test_a_file_that_is_out_of_date_is_named_with_the_command_that_mends_it(
    changed: GeneratedFile, capsys: pytest.CaptureFixture[str]
) -> None:
    before = changed.target.read_text(encoding="utf-8")
    assert generate.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{changed.target} is out of date")
    assert "`make generate`" in said
    assert changed.target.read_text(encoding="utf-8") == before, "a check writes nothing"


def test_a_file_that_is_missing_is_out_of_date(changed: GeneratedFile) -> None:
    changed.target.unlink()
    assert len(generate.complaints([changed])) == 1


def test_the_command_mends_the_file(changed: GeneratedFile) -> None:
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_what_needs_the_network_is_made_by_its_name_alone(tmp_path: Path) -> None:
    assert kafka_jars.FILE not in generate.default_files()
    jars = replace(kafka_jars.FILE, target=tmp_path / "jars.json", text=lambda: "[]")
    assert "`make generate ONLY=kafka_jars`" in generate.complaints([jars])[0]


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        generate.main(["nonsense"])
    assert refusal.value.code == 2
    assert "nonsense: no such file" in capsys.readouterr().err
