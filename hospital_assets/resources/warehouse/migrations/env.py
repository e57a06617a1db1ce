"""What Alembic runs for each of its commands, on the connection that `migrating.py` gives it."""

from alembic import context

from hospital_assets.resources.warehouse.schema import SCHEMA, VERSION_TABLE, metadata

_given = context.config.attributes
_tables = metadata(_given["records"])
# Alembic's own business: whatever it is asked to compare.
_tables.remove(_tables.tables[f"{SCHEMA}.{VERSION_TABLE}"])
_names = {table.name for table in _tables.tables.values()}


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Return whether Alembic is to look at a thing: no month of a table, nothing of others."""
    return name == SCHEMA if kind == "schema" else kind != "table" or name in _names


context.configure(
    connection=_given["connection"],
    target_metadata=_tables,
    version_table=VERSION_TABLE,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=_is_ours,
    autogenerate_plugins=["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
)
context.run_migrations()
