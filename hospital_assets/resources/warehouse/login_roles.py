"""Roles that log in, and what a reader may do."""

from psycopg import sql

from hospital_assets.resources.warehouse.loading import Connection
from hospital_assets.resources.warehouse.schema import SCHEMA


def make_role(connection: Connection, role: str, password: str, *, reads_only: bool) -> None:
    """Make a role that logs in and can do nothing yet, or give an existing one this password."""
    name = sql.Identifier(role)
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if known is None:
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    # The server gets what it checks a password by and never the password itself: it may log this.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL(
            "ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
            "PASSWORD {}"
        ).format(name, sql.Literal(verifier.decode()))
    )
    if reads_only:
        connection.execute(
            sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(name)
        )


def let_read(connection: Connection, role: str) -> None:
    """Let a role read every table of the schema, those that come later included."""
    schema, name = sql.Identifier(SCHEMA), sql.Identifier(role)
    for statement in (
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}",
    ):
        connection.execute(sql.SQL(statement).format(schema=schema, role=name))
