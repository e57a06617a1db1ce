"""`hospital init`: the secrets and whom the containers run as."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from hospital_assets.configuration.settings import ROOT
from hospital_assets.containers.secrets import SecretError, SecretFolder
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the compose file and nothing else."""
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    return tmp_path


def init(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hospital_assets", "init", "--project", str(project)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in sorted(folder.iterdir())}


def test_every_secret_of_the_compose_file_is_made_for_its_owner_alone(project: Path) -> None:
    done, folder = init(project), project / "deploy" / "secrets"
    assert done.returncode == 0, done.stderr
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    wanted = {Path(secret["file"]).name for secret in compose["secrets"].values()}
    assert set(contents(folder)) == wanted
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = [text.strip() for name, text in contents(folder).items() if name != "viewer_pgpass"]
    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= 40 for password in passwords)


def test_what_is_made_is_named_and_no_value_is_shown(project: Path) -> None:
    done, folder = init(project), project / "deploy" / "secrets"
    for name, text in contents(folder).items():
        assert str(folder / name) in done.stdout
        assert text.strip().rpartition(":")[2] not in done.stdout + done.stderr


def test_a_second_time_changes_no_value_and_closes_what_was_open(project: Path) -> None:
    init(project)
    folder = project / "deploy" / "secrets"
    before = contents(folder)
    (folder / "ingest_password").chmod(0o644)
    (folder / "stream_password").unlink()
    done = init(project)
    after = contents(folder)
    assert done.stdout.count("made ") == 1
    assert "stream_password" in done.stdout
    assert after.pop("stream_password") != before.pop("stream_password")
    assert after == before
    assert stat.S_IMODE((folder / "ingest_password").stat().st_mode) == 0o600


def test_the_containers_run_as_the_owner_of_the_secrets_and_never_as_root(project: Path) -> None:
    init(project)
    compose = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]
    services = yaml.safe_load((project / "docker-compose.override.yml").read_text())["services"]
    assert set(services) == set(compose)
    folder = project / "deploy" / "secrets"
    owners = {file.stat().st_uid for file in [folder, *folder.iterdir()]}
    users = {int(service["user"].split(":")[0]) for service in services.values()}
    assert users == owners
    assert 0 not in users
    if os.geteuid() != 0:
        assert users == {os.geteuid()}


def test_backups_have_a_folder_that_the_containers_alone_may_use(project: Path) -> None:
    init(project)
    secrets, backups = (project / name for name in ("deploy/secrets", "backups"))
    assert backups.stat().st_uid == secrets.stat().st_uid
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700


def test_what_is_mounted_can_be_read_after_a_clone_with_a_strict_umask(project: Path) -> None:
    mounted = project / "deploy" / "kafka" / "server.properties"
    mounted.parent.mkdir(parents=True)
    mounted.write_text("")
    mounted.chmod(0o600)
    mounted.parent.chmod(0o700)
    init(project)
    # Another user is that of the containers if root calls.
    others = 0o005 if os.geteuid() == 0 else 0
    assert mounted.parent.stat().st_mode & others == others
    assert mounted.stat().st_mode & 0o004 == others & 0o004
    assert stat.S_IMODE((project / "deploy" / "secrets").stat().st_mode) == 0o700


def test_the_viewers_line_of_pgpass_opens_the_server_that_pgadmin_knows(tmp_path: Path) -> None:
    folder = SecretFolder(tmp_path)
    list(folder.make())
    first = (tmp_path / "viewer_pgpass").read_text()
    assert first == f"postgres:5432:hospital:viewer_ro:{folder.read('viewer_password')}\n"
    (tmp_path / "viewer_password").unlink()
    assert {file.name for file in folder.make()} == {"viewer_password", "viewer_pgpass"}
    second = (tmp_path / "viewer_pgpass").read_text()
    assert second == f"postgres:5432:hospital:viewer_ro:{folder.read('viewer_password')}\n"
    assert second != first


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_a_secret_that_is_missing_or_empty_is_told_by_its_name(
    text: str | None, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / "ingest_password").write_text(text)
    with pytest.raises(SecretError, match=r"ingest_password.*hospital init"):
        SecretFolder(tmp_path).read("ingest_password")


def test_git_ignores_what_init_makes() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", "deploy/secrets/any", "docker-compose.override.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(ignored.stdout.splitlines()) == 2
