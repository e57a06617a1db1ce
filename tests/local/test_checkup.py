"""The doctor: every planted fault is found, with a way to mend it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hospital_assets.cli import app
from hospital_assets.configuration.settings import NOT_OURS, Settings, load_settings
from hospital_assets.local import checkup
from hospital_assets.local.checkup import Checkup


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a checkout with a state folder that is in order."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    monkeypatch.setenv("HOSPITAL_STATE", str(state))
    load_settings.cache_clear()
    return load_settings()


def outcome(check: str) -> Checkup:
    """Return the outcome of one check."""
    (found,) = [each for each in checkup.examine() if each.check == check]
    return found


@pytest.mark.usefixtures("settings")
def test_a_machine_in_order_has_no_findings() -> None:
    wrong = [each for each in checkup.examine() if not each.ok and each.check != "packages"]
    assert wrong == []


def test_an_open_state_folder_is_found(settings: Settings) -> None:
    settings.state.chmod(0o755)
    found = outcome("state folder")
    assert not found.ok
    assert "chmod 700" in found.remedy


def test_a_readable_password_is_found(settings: Settings) -> None:
    password = settings.state / "postgres_password"
    password.write_text("planted")
    password.chmod(0o644)
    found = outcome("secrets")
    assert not found.ok
    assert str(password) in found.remedy


def test_a_lost_password_is_found(settings: Settings) -> None:
    (settings.state / "postgres" / "data").mkdir(parents=True)
    assert not outcome("PostgreSQL").ok


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(("free", "ok"), [(13 * 10**9, False), (17 * 10**9, True)])
def test_a_disk_that_the_whole_period_does_not_fit_on_is_found(
    free: int, ok: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _: usage)
    found = outcome("disk")
    assert found.ok is ok
    assert "13 GB" in found.remedy


@pytest.mark.usefixtures("settings")
def test_a_bucket_that_is_not_there_is_found(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for lake, ok in ((bucket, True), (f"{bucket}-missing", False)):
        monkeypatch.setenv("HOSPITAL_LAKE", lake)
        load_settings.cache_clear()
        assert outcome("lake").ok is ok


@pytest.mark.usefixtures("settings")
def test_a_package_of_another_version_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("psutil==1.0 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(checkup, "SHIPPED", tmp_path)
    found = outcome("packages")
    assert not found.ok
    assert "psutil" in found.found


def test_a_server_that_does_not_answer_is_found(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOSPITAL_DATABASE__MODE", "server")
    monkeypatch.setenv("HOSPITAL_DATABASE__PORT", "1")
    monkeypatch.setenv("HOSPITAL_DATABASE__PASSWORD", "unused")
    load_settings.cache_clear()
    found = outcome("PostgreSQL")
    assert not found.ok
    assert "127.0.0.1:1" in found.found


def test_what_is_another_parts_is_said_so_and_is_no_fault(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the scheduler's container has it, with a volume that all parts write to."""
    settings.state.chmod(0o777)
    for name, value in {
        "DATABASE__MODE": "server",
        "DATABASE__DAGSTER_USER": "dagster_rw",
        "KAFKA__MODE": "elsewhere",
    }.items():
        monkeypatch.setenv(f"HOSPITAL_{name}", value)
    load_settings.cache_clear()
    for check in ("PostgreSQL", "Kafka"):
        assert outcome(check).ok
        assert NOT_OURS in outcome(check).found
    assert outcome("state folder").ok


def test_a_fault_makes_the_command_fail(settings: Settings) -> None:
    settings.state.chmod(0o777)
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "wrong" in result.output


def test_a_wrong_setting_is_one_line_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_WEB_PORT", "none")
    load_settings.cache_clear()
    result = CliRunner().invoke(app, ["down"])
    assert result.exit_code == 1
    assert result.stderr.startswith("hospital: HOSPITAL_WEB_PORT: Input should be ")
    assert result.stderr.count("\n") == 1


def test_programs_are_told_each_check(settings: Settings) -> None:
    settings.state.chmod(0o755)
    done = CliRunner().invoke(app, ["doctor", "--json"])
    assert done.exit_code == 1
    found = {one["check"]: one for one in json.loads(done.stdout)}
    assert not found["state folder"]["ok"]
    assert set(found["state folder"]) == {"check", "ok", "found", "remedy"}
