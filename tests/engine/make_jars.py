"""Make `jars.json`: the jars of Confluent's images, with their sums.

Run by hand (`python -m tests.engine.make_jars`) to move to another version.
"""

import json

from tests.engine.stand_ins import ZOOKEEPER_JARS
from tools.kafka_jars import make

# Their line 7.9 has Kafka 3.9 with its ZooKeeper and the logging that it is shipped with.
COORDINATES = ("org.apache.kafka:kafka_2.13:3.9.2!", "org.slf4j:slf4j-reload4j:1.7.36!")

if __name__ == "__main__":
    ZOOKEEPER_JARS.write_text(json.dumps(make(COORDINATES), indent=1) + "\n", encoding="utf-8")
