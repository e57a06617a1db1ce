"""One contract a record type: columns, types, ranges and keys.

Everything that needs to know what a record looks like derives it from here: validation before a
write, the PostgreSQL tables, the columns in Dagster's UI, and the data dictionary in the docs.
"""
