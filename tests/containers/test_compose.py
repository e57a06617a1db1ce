"""The rules of the composed stack, read from its files."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from hospital_assets.configuration.settings import ROOT, DatabaseSettings, KafkaSettings, Settings
from hospital_assets.containers import roles
from hospital_assets.containers.kafka_setup import SECRETS as KAFKA_SECRETS
from hospital_assets.containers.project import BACKUP_FOLDER
from hospital_assets.containers.secrets import PASSWORDS, VIEWER_PGPASS
from hospital_assets.containers.serving import SERVERS
from hospital_assets.locations import LOCATIONS
from hospital_assets.services.kafka.broker import JARS as KRAFT_JARS

BASE, KRAFT = "docker-compose.yml", "docker-compose.kraft.yml"
ONCE = {"database_setup", "kafka_setup", "backup"}
EIGHT = {
    "zookeeper",
    "kafka",
    "postgres",
    "pgadmin",
    "producer",
    "stream_processor",
    "batch_ingestor",
    "scheduler",
}
PAGES = {"webserver": "127.0.0.1:3000:3000", "pgadmin": "127.0.0.1:5050:5050"}
Service = dict[str, Any]


class Loader(yaml.SafeLoader):
    """Reads compose's own tags as the values that they stand before."""


def _plain(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_yaml_null(node)


Loader.add_multi_constructor("!", _plain)


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / name).read_text(), Loader)  # noqa: S506
    return found


COMPOSE = load(BASE)
SERVICES: dict[str, Service] = COMPOSE["services"]
every_service = pytest.mark.parametrize("name", SERVICES)


def test_the_eight_containers_and_the_page_are_there_and_three_run_once() -> None:
    assert set(SERVICES) == EIGHT | {"webserver"} | ONCE
    for name in ONCE:
        assert SERVICES[name]["restart"] == "no"
    called = {name for name, service in SERVICES.items() if "profiles" in service}
    assert called == {"backup"}


@pytest.mark.parametrize("name", [BASE, KRAFT])
def test_the_linter_finds_nothing_of_medium_weight(name: str) -> None:
    done = subprocess.run(
        [
            Path(sys.executable).with_name("compose-lint"),
            *("check", "--fail-on", "medium", "--strict-config", "--no-merge-overrides", name),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_overlooks_missing_digests_and_nothing_else() -> None:
    overlooked = yaml.safe_load((ROOT / ".compose-lint.yml").read_text())
    assert set(overlooked["rules"]) == {"CL-0019"}
    assert overlooked["rules"]["CL-0019"]["reason"]


@every_service
def test_a_container_can_do_little(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"][0].startswith("/tmp:size=")  # noqa: S108
    assert int(service["user"].split(":")[0]) >= 1000


@every_service
def test_a_container_has_limits_and_its_log_too(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"][-1] in "mg"
    assert 0 < service["cpus"] <= 2
    assert service["pids_limit"] == 512
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@every_service
def test_an_image_is_an_exact_version(name: str) -> None:
    version = tag(SERVICES[name])
    assert "." in version
    assert version.replace(".", "").isdigit()


def test_one_service_builds_our_image() -> None:
    assert [name for name, each in SERVICES.items() if "build" in each] == ["database_setup"]


def test_a_tag_is_of_a_version_that_is_known_from_elsewhere() -> None:
    """Nobody looked into a registry: the same version has packages or jars, which are locked."""
    requirements = (ROOT / "requirements.txt").read_text()
    pgadmin = (ROOT / "tests" / "engine" / "images" / "pgadmin.txt").read_text()
    kafka = json.loads(KRAFT_JARS.read_text())
    kraft = next(each["version"] for each in kafka if each["artifact"] == "kafka-clients")
    assert f"\npgadmin4=={tag(SERVICES['pgadmin'])} " in pgadmin
    assert f"\nembedded-postgres=={tag(SERVICES['postgres'])}." in requirements
    assert kraft == tag(load(KRAFT)["services"]["kafka"])


def tag(service: Service) -> str:
    found: str = service["image"].partition(":")[2].partition("@")[0]
    return found


@every_service
def test_what_goes_on_has_a_health_check_and_comes_back(name: str) -> None:
    if name not in ONCE:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
        assert SERVICES[name]["restart"] == "unless-stopped"


@every_service
def test_a_container_waits_until_what_it_needs_is_well(name: str) -> None:
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        done = "service_completed_successfully" if other in ONCE else "service_healthy"
        assert wanted == {"condition": done}


def test_the_two_pages_alone_are_published_and_on_this_machine_alone() -> None:
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    assert published == {name: [port] for name, port in PAGES.items()}


def test_the_networks_keep_apart_who_has_nothing_to_do_with_each_other() -> None:
    assert COMPOSE["networks"] == {
        "zookeeper": {"internal": True},
        "backend": {"internal": True},
        **{part: {"internal": True} for part in LOCATIONS},
        "edge": {},
    }
    members: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for network in service.get("networks", []):
            members.setdefault(network, set()).add(name)
    assert members["zookeeper"] == {"zookeeper", "kafka"}
    assert members["edge"] == set(PAGES)
    assert members["backend"] == set(SERVICES) - {"zookeeper", "kafka_setup"}
    # What answers to anybody's wishes there listens on no other network.
    for part in LOCATIONS:
        assert members[part] == {part, "scheduler", "webserver"}
        assert SERVICES[part]["networks"][part] == {"aliases": [f"{part}.serving"]}
        command = SERVICES[part]["command"]
        assert command[command.index("--host") + 1] == f"{part}.serving"
    # It shares the broker's own loopback address, and has no network beside it.
    assert SERVICES["kafka_setup"]["network_mode"] == "service:kafka"


def test_a_container_gets_the_secrets_of_its_own_roles_and_no_other() -> None:
    got = {name: set(each.get("secrets", [])) for name, each in SERVICES.items()}
    dagster = {"dagster_password"}
    assert got == {
        "zookeeper": set(),
        "kafka": set(),
        "kafka_setup": set(KAFKA_SECRETS.values()),
        "postgres": {"postgres_password"},
        "database_setup": {"postgres_password", *roles.SECRETS.values()},
        "pgadmin": {"pgadmin_password", "viewer_pgpass"},
        "producer": dagster | {"publish_password", "kafka_producer_password"},
        "stream_processor": dagster | {"stream_password", "kafka_stream_processor_password"},
        "batch_ingestor": dagster | {"ingest_password"},
        "backup": dagster | {"owner_password", "kafka_stream_processor_password"},
        "scheduler": dagster,
        "webserver": dagster,
    }


def test_every_secret_is_a_file_that_init_makes() -> None:
    assert set(COMPOSE["secrets"]) == {*PASSWORDS, VIEWER_PGPASS}
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"deploy/secrets/{name}"}


@every_service
def test_no_password_stands_in_an_environment(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if any(word in variable for word in ("PASSWORD", "PGPASS", "SECRET", "TOKEN")):
            assert variable.endswith("_FILE")
            assert value == f"/run/secrets/{Path(value).name}"
            assert Path(value).name in SERVICES[name]["secrets"]


@every_service
def test_every_setting_of_ours_is_one_that_there_is(name: str) -> None:
    groups = {"database": DatabaseSettings, "kafka": KafkaSettings}
    for variable in SERVICES[name].get("environment", {}):
        if variable.startswith("HOSPITAL_"):
            group, _, key = variable.removeprefix("HOSPITAL_").lower().partition("__")
            model = groups[group] if key else Settings
            assert (key or group) in model.model_fields


def test_each_server_is_a_container_and_starts_by_its_name() -> None:
    for name in SERVERS:
        assert SERVICES[name]["command"][:3] == ["hospital", "serve", name]


@pytest.mark.parametrize("name", [BASE, KRAFT])
def test_what_is_mounted_from_the_project_is_there(name: str) -> None:
    compose = load(name)
    files = [each["file"] for each in compose["configs"].values() if each]
    binds = [
        mount.split(":")[0]
        for service in compose["services"].values()
        if service
        for mount in service.get("volumes", [])
        if isinstance(mount, str) and mount.startswith(".")
    ]
    assert files
    for path in files + binds:
        assert (ROOT / path).exists(), path


def test_a_bind_mount_is_read_only() -> None:
    binds = [
        mount
        for service in SERVICES.values()
        for mount in service.get("volumes", [])
        if isinstance(mount, str) and mount.startswith((".", "/"))
    ]
    assert all(mount.endswith(":ro") for mount in binds)


def test_backups_alone_leave_the_volumes_for_a_folder_that_init_makes() -> None:
    found = {
        name: mount
        for name, service in SERVICES.items()
        for mount in service.get("volumes", [])
        if not isinstance(mount, str)
    }
    assert set(found) == {"backup"}
    assert found["backup"]["source"] == f"./{BACKUP_FOLDER}"
    assert found["backup"]["bind"] == {"create_host_path": False}


def test_data_is_on_named_volumes_and_the_lake_is_shared_with_backups_alone() -> None:
    holders: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            if isinstance(mount, str):
                holders.setdefault(mount.split(":")[0], set()).add(name)
    assert set(COMPOSE["volumes"]) == {each for each in holders if not each.startswith(".")}
    assert holders["lake_batch"] == {"batch_ingestor", "backup"}
    assert holders["lake_stream"] == {"stream_processor", "batch_ingestor", "backup"}
    assert "lake_stream:/lake/stream:ro" in SERVICES["batch_ingestor"]["volumes"]
    assert holders["postgres"] == {"postgres"}
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


@pytest.mark.parametrize("file", ["server.properties", "kraft.properties"])
def test_a_broker_asks_for_a_password_wherever_others_reach_it(file: str) -> None:
    lines = (ROOT / "deploy" / "kafka" / file).read_text().splitlines()
    found = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
    protocols = dict(each.split(":") for each in found["listener.security.protocol.map"].split(","))
    for listener in found["listeners"].split(","):
        name, _, place = listener.partition("://")
        if protocols[name] != "SASL_PLAINTEXT":
            assert place.startswith("127.0.0.1:")
    assert found["sasl.enabled.mechanisms"] == "SCRAM-SHA-512"
    assert found["auto.create.topics.enable"] == "false"
    assert found["allow.everyone.if.no.acl.found"] == "false"


def test_pgadmin_knows_the_server_and_no_password() -> None:
    (server,) = json.loads((ROOT / "deploy/pgadmin/servers.json").read_text())["Servers"].values()
    assert server["Username"] == roles.VIEWER
    assert "Password" not in str(server)
    config: dict[str, Any] = {}
    exec((ROOT / "deploy/pgadmin/config_distro.py").read_text(), config)  # noqa: S102
    assert config["SERVER_MODE"] is True
    assert config["MASTER_PASSWORD_REQUIRED"] is True
    assert config["UPGRADE_CHECK_ENABLED"] is False
    assert config["LLM_ENABLED"] is False


def test_the_image_is_exact_small_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    (base, *stages) = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert base.startswith("python:3.13.")
    assert "slim" in base
    assert stages == ["base", "packages", "base"]
    assert lines[-1] == 'CMD ["hospital", "--help"]'
    assert "USER 10001:10001" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert any("--require-hashes" in line for line in lines)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    assert not any("secrets" in line for line in ignored)
