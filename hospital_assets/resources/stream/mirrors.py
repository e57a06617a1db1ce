"""What others see of the stream in Kafka itself: the group's offsets, for tools that show lag."""

from collections.abc import Mapping

from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from hospital_assets.resources.stream.connections import Connections

GROUP = "hospital-transfers"


def mirror_offsets(
    connections: Connections, topic: str, landed: Mapping[int, tuple[str, int]]
) -> None:
    """Commit the landed offsets to the consumer group. Nothing here reads them back."""
    offsets = {
        TopicPartition(topic, partition): OffsetAndMetadata(following, "", -1)
        for partition, (_, following) in landed.items()
    }
    with connections.admin() as admin:
        results = admin.alter_group_offsets(GROUP, offsets)
    for outcome in results.values():
        if outcome.errno:
            raise outcome
