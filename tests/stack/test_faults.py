"""What stops the composed stack before it starts, and what its files may never say."""

import socket
from pathlib import Path

import pytest

from tests.stack.checkout import compose_of, make_checkout
from tests.stack.composefile import ComposeError
from tests.stack.project import Project

pytestmark = pytest.mark.stack


@pytest.fixture
def own_checkout(tmp_path: Path) -> Path:
    """A checkout that a test may spoil."""
    make_checkout(tmp_path)
    return tmp_path


def test_a_missing_secret_is_named(own_checkout: Path, tmp_path: Path) -> None:
    (own_checkout / "deploy" / "secrets" / "postgres_password").unlink()
    project = Project(compose_of(own_checkout, {}), tmp_path / "up")
    try:
        with pytest.raises(ComposeError, match="postgres_password: no such file"):
            project.up(60)
    finally:
        project.down()


def test_a_published_port_that_is_taken_is_named(own_checkout: Path, tmp_path: Path) -> None:
    project = Project(compose_of(own_checkout, {}), tmp_path / "up")
    with socket.create_server(("127.0.0.1", 3000)):
        try:
            with pytest.raises(ComposeError, match=r"127\.0\.0\.1:3000: Address already in use"):
                project.up(60)
        finally:
            project.down()


def test_what_an_image_writes_to_is_never_read_only(own_checkout: Path, tmp_path: Path) -> None:
    project = Project(compose_of(own_checkout, {}), tmp_path / "up")
    refused = {each.name: each.files.unwritable() for each in project.containers.values()}
    assert {name: folders for name, folders in refused.items() if folders} == {}


def test_every_service_may_read_its_secrets(own_checkout: Path) -> None:
    for service in compose_of(own_checkout, {}).services.values():
        user, _, group = service.user.partition(":")
        for mount in service.mounts:
            if mount.kind == "secret":
                status = Path(mount.source).stat()
                assert int(user) == status.st_uid or (
                    int(group) == status.st_gid and status.st_mode & 0o040
                ), f"{service.name}: {mount.source}"
