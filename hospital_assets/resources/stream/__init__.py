"""Streams of events: published to Kafka, landed in the lake and in PostgreSQL.

At-least-once transport, exactly-once effect: the offsets live in PostgreSQL and move in the
transaction that stores the rows and the manifest of the file.
"""
