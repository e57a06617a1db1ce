"""Where Kafka is, and the embedded broker."""
