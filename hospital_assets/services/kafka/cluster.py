"""Where Kafka is: embedded in the state folder, a cluster of somebody else's, or elsewhere."""

from dataclasses import dataclass
from typing import Self

from hospital_assets.configuration.settings import (
    NOT_OURS,
    KafkaSettings,
    Settings,
    SettingsError,
)
from hospital_assets.services.kafka.broker import EmbeddedKafka
from hospital_assets.state.folder import LOCALHOST, StateFolder


@dataclass(frozen=True)
class KafkaCluster:
    """The cluster of one checkout: its own broker, or another one."""

    settings: KafkaSettings
    state: StateFolder

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the cluster that the settings name."""
        return cls(settings.kafka, StateFolder(settings.state))

    def bootstrap(self) -> str:
        """Return the servers that a client asks first; starts the embedded broker if needed.

        Safe to call from many processes at once, and quick while the broker runs. Raises
        BrokerError if it doesn't start, SettingsError if Kafka is not for this process.
        """
        if self.settings.mode == "elsewhere":
            raise SettingsError(f"Kafka: {NOT_OURS} (HOSPITAL_KAFKA__MODE is elsewhere)")
        broker = self.embedded()
        if broker is None:
            return self.settings.bootstrap_servers
        return f"{LOCALHOST}:{broker.ensure_running()}"

    def embedded(self) -> EmbeddedKafka | None:
        """Return the checkout's own broker, running or not; None if it is somebody else's."""
        return EmbeddedKafka(self.state) if self.settings.mode == "embedded" else None

    def is_up(self) -> bool:
        """Return whether a broker is there; a client starts an embedded one that isn't."""
        broker = self.embedded()
        if broker is None:
            return self.settings.mode == "cluster"
        return broker.running_port() is not None
