"""Compose files are read as `docker compose config` shows them."""

from pathlib import Path

import pytest

from hospital_assets.resources.lake import file_store
from tests.stack.composefile import Compose, ComposeError, Mount, read_compose, seconds
from tests.stack.files import Files
from tests.stack.images.image import Image
from tests.stack.network import Network


def compose(folder: Path, *texts: str, **variables: str) -> Compose:
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.yml")
        files[-1].write_text(text)
    return read_compose(files, variables)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${NAME}", "set"),
        ("a $NAME b", "a set b"),
        ("${NONE}", ""),
        ("${NONE:-other}", "other"),
        ("${EMPTY:-other}", "other"),
        ("${EMPTY-other}", ""),
        ("${NAME:+there}", "there"),
        ("$${NAME}", "${NAME}"),
    ],
)
def test_variables_are_filled_in(tmp_path: Path, text: str, value: str) -> None:
    found = compose(tmp_path, f"services: {{web: {{image: '{text}'}}}}", NAME="set", EMPTY="")
    assert found.services["web"].image == value


def test_a_required_variable_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ComposeError, match="NONE is missing a value: say so"):
        compose(tmp_path, "services: {web: {image: '${NONE:?say so}'}}")


def test_a_variable_without_a_value_is_the_callers(tmp_path: Path) -> None:
    text = "services: {web: {image: x, environment: {ONE: , TWO: , THREE: true}}}"
    assert compose(tmp_path, text, ONE="1").services["web"].environment == {
        "ONE": "1",
        "THREE": "true",
    }


def test_an_override_adds_replaces_and_takes_away(tmp_path: Path) -> None:
    below = """
      services:
        web:
          image: one
          command: [a, b]
          environment: {A: "1", B: "2"}
          networks: [front, back]
          depends_on: {db: {condition: service_healthy}}
        db: {image: db}
    """
    above = """
      services:
        web:
          image: two
          command: [c]
          environment: [B=3]
          networks: !override [back]
          depends_on: !reset {}
        db: !reset null
    """
    found = compose(tmp_path, below, above)
    web = found.services["web"]
    assert (web.image, web.command) == ("two", ["c"])
    assert web.environment == {"A": "1", "B": "3"}
    assert (web.networks, web.depends_on) == (["back"], {})
    assert "db" not in found.services


def test_mounts_of_every_kind_are_found(tmp_path: Path) -> None:
    text = """
      services:
        web:
          image: x
          volumes: ["data:/data", "./here:/there:ro"]
          tmpfs: /tmp
          secrets: [password]
          configs: [{source: settings, target: /etc/settings}]
      secrets: {password: {file: secret}}
      configs: {settings: {file: settings}}
    """
    assert compose(tmp_path, text).services["web"].mounts == [
        Mount("volume", "data", "/data", False),
        Mount("bind", str(tmp_path / "here"), "/there", True),
        Mount("secret", str(tmp_path / "secret"), "/run/secrets/password", True),
        Mount("config", str(tmp_path / "settings"), "/etc/settings", True),
        Mount("tmpfs", "", "/tmp", False),  # noqa: S108
    ]


def test_durations_are_seconds() -> None:
    assert (seconds("1m30s"), seconds("500ms"), seconds("2h")) == (90, 0.5, 7200)


def test_names_of_services_become_addresses_where_they_are_hosts(tmp_path: Path) -> None:
    text = """
      services:
        web: {image: x, networks: [back]}
        db: {image: x, networks: [back]}
        queue: {image: x, networks: [far]}
    """
    network = Network(compose(tmp_path, text))
    db = network.address("db")

    assert network.rewrite("postgresql://db@db:5432/db", "web") == f"postgresql://db@{db}:5432/db"
    assert network.rewrite('"Host": "db", "Username": "db"', "web") == (
        f'"Host": "{db}", "Username": "db"'
    )
    assert network.rewrite_words(["db", "--host", "db", "-U", "db"], "web") == (
        ["db", "--host", db, "-U", "db"]
    )
    assert network.rewrite_variables({"DB_HOST": "db", "DB_USER": "db"}, "web") == {
        "DB_HOST": db,
        "DB_USER": "db",
    }
    # In another network it is nobody.
    assert network.rewrite("queue:9092", "web") == "queue:9092"
    assert network.rewrite("0.0.0.0:80", "web") == f"{network.address('web')}:80"
    assert network.rewrite("localhost:80", "web") == f"{network.localhost('web')}:80"


def test_a_service_of_a_profile_waits_to_be_called(tmp_path: Path) -> None:
    found = compose(tmp_path, "services: {web: {image: a}, backup: {image: a, profiles: [backup]}}")
    assert list(found.services) == ["web"]


def test_services_that_share_a_volume_find_it_at_one_place_without_a_link(tmp_path: Path) -> None:
    text = """
      services:
        writer: {image: x, volumes: ["data:/lake/stream"]}
        reader: {image: x, volumes: ["data:/lake/stream:ro"]}
    """
    found = compose(tmp_path, text)
    places = []
    for service in found.services.values():
        image = Image(made=("/lake",))
        root, volumes = tmp_path / service.name, tmp_path / "volumes"
        files = Files(service, image, Network(found), root, volumes)
        files.prepare()
        places.append(files.path("/lake"))
        # Whoever looks whether a path leads out of the lake finds that it doesn't.
        file_store.at(str(files.path("/lake"))).create(f"stream/{service.name}", b"")
    assert places[0] == places[1]
