"""What can go wrong with the embedded Kafka."""

from hospital_assets.errors import ServiceAwayError


class BrokerError(ServiceAwayError):
    """The embedded broker can't be started or stopped; the message says why and what to do."""


class JarError(BrokerError):
    """The broker's jars can't be had or trusted; the message names the jar and the remedy."""
