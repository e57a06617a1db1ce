"""What people do with the assets from outside Dagster: run days, see how things stand, verify."""
