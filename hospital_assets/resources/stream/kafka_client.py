"""Kafka's clients, made from the settings: the one place that knows their arguments."""

from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from hospital_assets.configuration.settings import KafkaSettings, SettingsError
from hospital_assets.resources.stream.batches import read_past_faults

# An error's record goes to the dead letters with its headers added: room for the largest.
LARGEST_REQUEST_BYTES = 2 * 2**20

_BATCH_BYTES = 128 * 2**10
_LINGER_MS = 5
_REQUEST_MS = 30_000
_DELIVERY_MS = 120_000
_BLOCK_MS = 60_000
_BOOTSTRAP_MS = 30_000
_LONGEST_BACKOFF_MS = 1_000
_FETCH_WAIT_MS = 10


class _Password(str):
    """A password that the client's own debug log can't show."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'**********'"


@dataclass(frozen=True)
class KafkaClients:
    """Makes clients of the cluster at `bootstrap`, as `hospital_assets.services.kafka` found it.

    The caller closes what it gets. Each call raises kafka.errors.KafkaTimeoutError after 30 s
    without a broker, and SettingsError if a password or a key can't be read.
    """

    bootstrap: str
    settings: KafkaSettings

    def producer(self) -> KafkaProducer:
        """Return a producer whose acknowledged records are stored, once each and in order.

        A send's future fails after two minutes at the latest; nothing else tells of a loss.
        """
        return KafkaProducer(
            **self._connection(),
            acks="all",
            enable_idempotence=True,
            linger_ms=_LINGER_MS,
            batch_size=_BATCH_BYTES,
            max_request_size=LARGEST_REQUEST_BYTES,
            delivery_timeout_ms=_DELIVERY_MS,
            max_block_ms=_BLOCK_MS,
            allow_auto_create_topics=False,
        )

    def consumer(self) -> KafkaConsumer:
        """Return a consumer of bytes in no group: the caller assigns, seeks and keeps the offsets.

        An offset that the log doesn't hold raises instead of moving to another one. What can't be
        read comes as `batches.Unreadable`.
        """
        consumer = KafkaConsumer(
            **self._connection(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            allow_auto_create_topics=False,
        )
        read_past_faults(consumer)
        return consumer

    def admin(self) -> KafkaAdminClient:
        """Return a client for topics, group offsets and the cluster itself."""
        return KafkaAdminClient(**self._connection())

    def _connection(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.bootstrap.split(","),
            "bootstrap_timeout_ms": _BOOTSTRAP_MS,
            "request_timeout_ms": _REQUEST_MS,
            # By default a client may take half a minute to see that a broker is back.
            "reconnect_backoff_max_ms": _LONGEST_BACKOFF_MS,
            **self._security(),
        }

    def _security(self) -> dict[str, Any]:
        settings = self.settings
        protocol = settings.security_protocol
        if settings.mode == "embedded" or protocol == "PLAINTEXT":
            return {}
        arguments: dict[str, Any] = {"security_protocol": protocol}
        if protocol.startswith("SASL"):
            arguments["sasl_mechanism"] = settings.sasl_mechanism
            arguments["sasl_plain_username"] = settings.sasl_username
            arguments["sasl_plain_password"] = _Password(_read_password(settings))
        if protocol.endswith("SSL"):
            for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile"):
                file = getattr(settings, name)
                if file is not None:
                    arguments[name] = str(file)
        return arguments


def _read_password(settings: KafkaSettings) -> str:
    if settings.sasl_password is not None:
        return settings.sasl_password.get_secret_value()
    file = settings.sasl_password_file
    if file is None:
        raise SettingsError(
            "HOSPITAL_KAFKA__SASL_PASSWORD_FILE: expected a file with the password of"
            f" {settings.sasl_username}"
        )
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(
            f"HOSPITAL_KAFKA__SASL_PASSWORD_FILE: expected a readable file, but {file}:"
            f" {error.strerror}"
        ) from error
