"""Settings: what wins, and what a wrong one is answered with."""

import json
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import DATABASE_FILE, ROOT, SettingsError, load_settings


@pytest.fixture
def database_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database configuration in a folder of its own, not written yet."""
    monkeypatch.setenv("HOSPITAL_CONFIGS", str(tmp_path))
    return tmp_path / DATABASE_FILE


def test_the_environment_wins_over_the_file(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_file.write_text(json.dumps({"mode": "server", "host": "db.example", "port": 5433}))
    monkeypatch.setenv("HOSPITAL_DATABASE__PORT", "5434")
    database = load_settings().database
    assert (database.host, database.port) == ("db.example", 5434)


def test_without_a_file_the_server_is_embedded(database_file: Path) -> None:
    assert load_settings().database.mode == "embedded"


def test_the_file_of_the_checkout_is_valid() -> None:
    assert load_settings().database.mode == "embedded"


def test_a_relative_folder_lies_below_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_STATE", "elsewhere")
    assert load_settings().state == ROOT / "elsewhere"


@pytest.mark.parametrize(
    ("value", "lake"),
    [
        ("elsewhere", str(ROOT / "elsewhere")),
        ("/data/lake", "/data/lake"),
        ("s3://bucket", "s3://bucket"),
        ("s3://my-bucket.of/some/prefix/", "s3://my-bucket.of/some/prefix"),
    ],
)
def test_the_lake_is_a_folder_or_a_url(
    value: str, lake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSPITAL_LAKE", value)
    assert load_settings().lake == lake


def test_credentials_in_a_url_are_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_LAKE", "s3://key:opensesame@bucket/lake")
    with pytest.raises(SettingsError, match="credentials belong in AWS_ variables") as refusal:
        load_settings()
    assert "opensesame" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"prot": 5432}', r"database_config\.json: prot: no such key; expected one of .*'port'"),
        ('{"port": "many"}', r"database_config\.json: port: .*integer"),
        ('{"port": 70000}', r"database_config\.json: port: .*65535"),
        ('{"mode": "cloud"}', r"database_config\.json: mode: .*'embedded' or 'server'"),
        ("[]", r"database_config\.json: expected one JSON object"),
        ("{", r"database_config\.json: expected a readable JSON file"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(
    database_file: Path, content: str, expected: str
) -> None:
    database_file.write_text(content)
    with pytest.raises(SettingsError, match=expected) as refusal:
        load_settings()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("HOSPITAL_LAKE", "gs://bucket/lake", "HOSPITAL_LAKE: lake: .*scheme 'gs' is unknown"),
        ("HOSPITAL_LAKE", "s3:///lake", "HOSPITAL_LAKE: lake: .*the bucket is missing"),
        ("HOSPITAL_SED", "1", "HOSPITAL_SED: no such setting"),
        ("HOSPITAL_SEED", "-1", "HOSPITAL_SEED: seed: .*greater than or equal to 0"),
        ("HOSPITAL_TICK_SECONDS", "soon", "HOSPITAL_TICK_SECONDS: tick_seconds: .*number"),
        ("HOSPITAL_DATABASE__PORT", "x", "HOSPITAL_DATABASE__PORT: database.port: .*integer"),
    ],
)
def test_a_wrong_variable_is_refused(
    variable: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=expected):
        load_settings()


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_DATABASE__PASSWORD", "opensesame")
    settings = load_settings()
    assert "opensesame" not in repr(settings)
    assert "opensesame" not in settings.model_dump_json()
