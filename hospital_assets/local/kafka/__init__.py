"""The embedded Kafka, and where the cluster is that the settings name."""

from hospital_assets.local.kafka.bootstrap import embedded_kafka, kafka_bootstrap
from hospital_assets.local.kafka.errors import BrokerError

__all__ = ["BrokerError", "embedded_kafka", "kafka_bootstrap"]
