"""The schema's migrations: what brings the tables of an earlier version forward (Alembic)."""
