"""PostgreSQL: the schema, and how rows get in and out."""
