"""The embedded Kafka, and where the cluster is that the settings name."""

from hospital_assets.local.kafka.bootstrap import embedded_kafka, kafka_bootstrap

__all__ = ["embedded_kafka", "kafka_bootstrap"]
