"""What a database's schema is made of, by PostgreSQL's own catalog."""

import psycopg

# The order of columns is left out: a new one comes last where the table was there already.
_COLUMNS = """
SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
       pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'hospital'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
  AND attnum > 0 AND NOT attisdropped
"""
_TABLES = """
SELECT relname, relkind, pg_get_partkeydef(oid), obj_description(oid, 'pg_class')
FROM pg_class
WHERE relnamespace = 'hospital'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
  AND NOT relispartition
"""
# That a column is never empty stands with the columns; its name there tells of a former name.
_CONSTRAINTS = """
SELECT relname, conname, contype, condeferrable, condeferred, convalidated,
       pg_get_constraintdef(pg_constraint.oid)
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE relnamespace = 'hospital'::regnamespace AND NOT relispartition AND conparentid = 0
  AND contype <> 'n'
"""
_VIEWS = """
SELECT relname, pg_get_viewdef(oid), obj_description(oid, 'pg_class'), attname,
       col_description(attrelid, attnum)
FROM pg_class JOIN pg_attribute ON attrelid = oid
WHERE relnamespace = 'hospital'::regnamespace AND relkind = 'v'
"""
_INDEXES = """
SELECT tables.relname, pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid
WHERE relnamespace = 'hospital'::regnamespace AND NOT relispartition
"""


def catalog(url: str) -> dict[str, set[tuple[object, ...]]]:
    """Return tables, columns, constraints, indexes and views, without months of tables."""
    with psycopg.connect(url) as connection:
        return {
            name: set(connection.execute(query).fetchall())
            for name, query in (
                ("tables", _TABLES),
                ("columns", _COLUMNS),
                ("constraints", _CONSTRAINTS),
                ("indexes", _INDEXES),
                ("views", _VIEWS),
            )
        }
