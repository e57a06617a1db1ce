"""Writes the next migration of the schema: from the newest one to what the contracts say.

    python -m tools.migration "stay_days of patients"

It starts a PostgreSQL of its own for that. Read what it writes: Alembic sees tables, columns,
indexes, keys, comments and the names of checks, and not a check whose name stays.
"""

import argparse
import tempfile
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command

from hospital_assets.configuration.settings import Settings
from hospital_assets.registry import RECORD_TYPES
from hospital_assets.resources.warehouse import migrating
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.services.databases import Databases


def main() -> None:
    """Write the file, and print where it is."""
    parser = argparse.ArgumentParser(description="Write the next migration of the schema.")
    parser.add_argument("message", help="what it brings, in some words")
    message = parser.parse_args().message
    with tempfile.TemporaryDirectory(prefix="hospital-migration-") as folder:
        databases = Databases.of(Settings(state=Path(folder)))
        try:
            print(_write(databases.hospital_url(), message))
        finally:
            if (server := databases.embedded()) is not None:
                server.stop()


def _write(url: str, message: str) -> str:
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sa.NullPool
    )
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
        config = migrating.configuration(connection, RECORD_TYPES)
        config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
        command.upgrade(config, "head")
        script = command.revision(
            config, message, autogenerate=True, rev_id=f"{int(migrating.newest()) + 1:04}"
        )
    return script.path  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
