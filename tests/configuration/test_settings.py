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
        ("HOSPITAL_LAKE", "gs://bucket/lake", "^HOSPITAL_LAKE: scheme 'gs' is unknown"),
        ("HOSPITAL_LAKE", "s3:///lake", "^HOSPITAL_LAKE: the bucket is missing"),
        ("HOSPITAL_SED", "1", "HOSPITAL_SED: no such setting"),
        ("HOSPITAL_SEED", "-1", "^HOSPITAL_SEED: Input .*greater than or equal to 0"),
        ("HOSPITAL_TICK_SECONDS", "soon", "^HOSPITAL_TICK_SECONDS: Input .*number"),
        ("HOSPITAL_DATABASE__PORT", "x", "^HOSPITAL_DATABASE__PORT: Input .*integer"),
        ("HOSPITAL_TICK_SECONDS", "1e13", "^HOSPITAL_TICK_SECONDS: Input .*less than or equal"),
        ("HOSPITAL_TICK_SECONDS", "nan", "^HOSPITAL_TICK_SECONDS: Input .*finite"),
        ("HOSPITAL_TICK_SECONDS", "1e-300", "^HOSPITAL_TICK_SECONDS: Input .*greater than"),
        ("HOSPITAL_CAMPAIGN_DAYS", "inf", "^HOSPITAL_CAMPAIGN_DAYS: Input .*finite"),
        ("HOSPITAL_CAMPAIGN_DAYS", "1e300", "^HOSPITAL_CAMPAIGN_DAYS: Input .*less than"),
        ("HOSPITAL_FIRST_START_DAYS", "10000000", "^HOSPITAL_FIRST_START_DAYS: Input .*less than"),
        ("HOSPITAL_STATE", "", "^HOSPITAL_STATE: it is empty"),
        ("HOSPITAL_LAKE", "  ", "^HOSPITAL_LAKE: it is empty"),
        ("HOSPITAL_DATABASE__HOST", "", "^HOSPITAL_DATABASE__HOST: it is empty"),
    ],
)
def test_a_wrong_variable_is_refused(
    variable: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=expected):
        load_settings()


@pytest.mark.parametrize("variable", ["HOSPITAL_WEB_NAMES", "HOSPITAL_KAFKA__BOOTSTRAP_SERVERS"])
def test_a_variable_may_be_empty_where_it_is_so_by_default(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "")
    load_settings()


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_DATABASE__PASSWORD", "opensesame")
    settings = load_settings()
    assert "opensesame" not in repr(settings)
    assert "opensesame" not in settings.model_dump_json()
