"""The parts of `definitions` as three code locations, each for a container of its own.

They share a Dagster instance: assets join across them by key. Nobody is there to turn on what is
automatic, so it is on from the start.
"""

PRODUCER = "producer"
STREAM_PROCESSOR = "stream_processor"
BATCH_INGESTOR = "batch_ingestor"

LOCATIONS = (PRODUCER, STREAM_PROCESSOR, BATCH_INGESTOR)


def module_of(location: str) -> str:
    """Return the name of the module that a location loads."""
    return f"{__name__}.{location}"
