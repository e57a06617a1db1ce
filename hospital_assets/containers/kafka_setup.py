"""Setting up Kafka for the composed stack: users, topics and who may do what with them."""

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError

from hospital_assets.configuration.settings import Settings
from hospital_assets.containers.secrets import SecretFolder
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.errors import HospitalError, one_line
from hospital_assets.registry import STREAM_TYPES
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.offsets import group
from hospital_assets.resources.stream.topics import StreamTopics, set_up_topics, topic_name
from hospital_assets.services.kafka.cluster import KafkaCluster

PRODUCER = "producer"
STREAM_PROCESSOR = "stream_processor"
SECRETS = {
    PRODUCER: "kafka_producer_password",
    STREAM_PROCESSOR: "kafka_stream_processor_password",
}


class KafkaSetupError(HospitalError):
    """Kafka can't be set up; the message says what was refused."""


def set_up_kafka(settings: Settings, folder: SecretFolder) -> None:
    """Make users, topics and access rules, as whom the settings name.

    Safe to repeat: a password that was changed takes effect, and a rule that is none of ours goes.
    Raises KafkaSetupError if the broker refuses.
    """
    passwords = {user: folder.read(secret) for user, secret in SECRETS.items()}
    clients = KafkaClients(KafkaCluster.of(settings).bootstrap(), settings.kafka)
    rules = set[ACL]()
    for kind in STREAM_TYPES:
        topics = set_up_topics(clients, topic_name(settings.kafka, kind))
        rules |= access_rules(kind, topics)
    try:
        admin = clients.admin()
        try:
            _set_passwords(admin, passwords)
            _set_rules(admin, rules)
        finally:
            admin.close()
    except KafkaError as error:
        raise KafkaSetupError(f"{clients.bootstrap}: users and rules: {one_line(error)}") from error


def access_rules(kind: StreamType, topics: StreamTopics) -> set[ACL]:
    """Return what each user may do with a stream.

    Whoever may read or write a topic may also ask about it.
    """
    events, dead_letters = topics.events.name, topics.dead_letters.name
    return {
        _allow(PRODUCER, ACLOperation.WRITE, ResourceType.TOPIC, events),
        # Every client looks whether both topics are there.
        _allow(PRODUCER, ACLOperation.DESCRIBE, ResourceType.TOPIC, dead_letters),
        _allow(STREAM_PROCESSOR, ACLOperation.READ, ResourceType.TOPIC, events),
        _allow(STREAM_PROCESSOR, ACLOperation.WRITE, ResourceType.TOPIC, dead_letters),
        _allow(STREAM_PROCESSOR, ACLOperation.READ, ResourceType.GROUP, group(kind.name)),
    }


def _allow(user: str, operation: ACLOperation, kind: ResourceType, name: str) -> ACL:
    return ACL(f"User:{user}", "*", operation, ACLPermissionType.ALLOW, ResourcePattern(kind, name))


def _set_passwords(admin: KafkaAdminClient, passwords: dict[str, str]) -> None:
    changes = [
        UserScramCredentialUpsertion(user, ScramMechanism.SCRAM_SHA_512, password)
        for user, password in passwords.items()
    ]
    refused = [text for text in admin.alter_user_scram_credentials(changes).values() if text]
    if refused:
        raise KafkaError("; ".join(refused))


def _set_rules(admin: KafkaAdminClient, wanted: set[ACL]) -> None:
    everything = ACLFilter(
        None,
        None,
        ACLOperation.ANY,
        ACLPermissionType.ANY,
        ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
    )
    found, _ = admin.describe_acls(everything)
    if missing := wanted - set(found):
        for error in admin.create_acls(list(missing))["failed"]:
            raise error
    if strange := set(found) - wanted:
        admin.delete_acls(list(strange))
