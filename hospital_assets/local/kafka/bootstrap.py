"""Where Kafka is: embedded in the state folder, or a cluster that somebody else runs."""

from hospital_assets.local.kafka.broker import EmbeddedKafka
from hospital_assets.local.state import LOCALHOST, StateFolder
from hospital_assets.settings import Settings


def kafka_bootstrap(settings: Settings) -> str:
    """Return the servers that a client asks first; starts the embedded broker if needed.

    Safe to call from many processes at once, and quick while the broker runs. Raises BrokerError
    if it doesn't start.
    """
    if settings.kafka.mode == "cluster":
        return settings.kafka.bootstrap_servers
    return f"{LOCALHOST}:{embedded_kafka(settings).ensure_running()}"


def embedded_kafka(settings: Settings) -> EmbeddedKafka:
    """Return the checkout's own broker, running or not."""
    return EmbeddedKafka(StateFolder(settings.state))
