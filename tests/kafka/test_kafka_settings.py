"""Kafka's settings: from a file, below the environment, and refused in one line."""

import json
import traceback
from pathlib import Path

import pytest

from hospital_assets.configuration.settings import KAFKA_FILE, ROOT, SettingsError, load_settings
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.resources.stream.topics import topic_name

PASSWORD = "opensesame"


@pytest.fixture
def kafka_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of Kafka in a folder of its own, not written yet."""
    monkeypatch.setenv("HOSPITAL_CONFIGS", str(tmp_path))
    return tmp_path / KAFKA_FILE


def test_the_environment_wins_over_the_file(
    kafka_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = "a:9092,b.example:9092"
    kafka_file.write_text(json.dumps({"mode": "cluster", "bootstrap_servers": servers}))
    monkeypatch.setenv("HOSPITAL_KAFKA__PARTITIONS", "6")
    kafka = load_settings().kafka
    assert (kafka.mode, kafka.bootstrap_servers, kafka.partitions) == ("cluster", servers, 6)


def test_the_file_of_the_checkout_is_valid() -> None:
    kafka = load_settings().kafka
    assert (kafka.mode, kafka.topics, kafka.partitions) == ("embedded", {}, 3)
    assert topic_name(kafka, TRANSFER_STREAM) == "hospital.patient.transfer.v1"


def test_a_relative_file_lies_below_the_checkout(kafka_file: Path) -> None:
    kafka_file.write_text(json.dumps({"ssl_cafile": "secrets/ca.pem"}))
    assert load_settings().kafka.ssl_cafile == ROOT / "secrets" / "ca.pem"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"topic": "x"}, r"kafka_config\.json: topic: no such key; .*'topics'"),
        ({"topics": {"transfers": "X!"}}, r"kafka_config\.json: topics\.transfers: "),
        ({"partitions": 0}, r"kafka_config\.json: partitions: .*greater than or equal to 1"),
        ({"bootstrap_servers": "kafka"}, r"kafka_config\.json: bootstrap_servers: "),
        ({"mode": "cluster"}, r"kafka_config\.json: kafka: .*needs bootstrap_servers"),
        (
            {
                "mode": "cluster",
                "bootstrap_servers": "a:1",
                "security_protocol": "SASL_SSL",
                "sasl_password": PASSWORD,
            },
            r"kafka_config\.json: kafka: .*'SASL_SSL' needs sasl_username",
        ),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_without_secrets(
    kafka_file: Path, content: dict[str, object], expected: str
) -> None:
    kafka_file.write_text(json.dumps(content))
    with pytest.raises(SettingsError, match=expected) as refusal:
        load_settings()
    assert "\n" not in str(refusal.value)
    assert PASSWORD not in "".join(traceback.format_exception(refusal.value))


def test_a_wrong_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_KAFKA__SERVERS", "a:1")
    with pytest.raises(SettingsError, match=r"HOSPITAL_KAFKA__SERVERS: no such setting"):
        load_settings()


def test_a_password_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSPITAL_KAFKA__SASL_PASSWORD", PASSWORD)
    settings = load_settings()
    assert PASSWORD not in repr(settings)
    assert PASSWORD not in settings.model_dump_json()
