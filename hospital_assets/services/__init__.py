"""Where PostgreSQL and Kafka are: embedded in the state folder, or servers of somebody else's."""
