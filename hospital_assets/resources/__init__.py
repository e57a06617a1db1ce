"""All input and output: the lake's files and the PostgreSQL tables."""
