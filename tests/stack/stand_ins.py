"""Stand-ins for the images of the compose file: the same programs, from packages and jars."""

from collections.abc import Callable

from tests.stack.composefile import Service
from tests.stack.images import hospital, java, postgres
from tests.stack.images.image import Image

_IMAGES: dict[str, Callable[[], Image]] = {
    "postgres": postgres.image,
    "confluentinc/cp-zookeeper": java.zookeeper,
    "confluentinc/cp-kafka": java.kafka,
}


def stand_in(service: Service) -> Image:
    """Return what takes the place of a service's image; raises KeyError if nothing does."""
    if service.dockerfile is not None:
        return hospital.image(service.dockerfile)
    return _IMAGES[service.image.partition("@")[0].rpartition(":")[0]]()
