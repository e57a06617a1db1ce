"""A simulated hospital whose records are digitised day by day, as Dagster assets."""
