"""Bulk load: a month into a table with its keys, against psql's \\copy of the same files.

`python -m bench.load`. Both load into the same schema, where people and doctors lie already. Ours
makes the month's partition itself; psql gets it empty, as the schema defines it.
"""

import os
import subprocess
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql

from bench.installation import digest, installation
from bench.measure import Comparison, Goal, Side, keep, ratios, same, seconds
from bench.plain import PlainScript
from hospital_assets.calendar.period import Period
from hospital_assets.configuration.settings import Settings
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.resources.warehouse.loading import table
from hospital_assets.resources.warehouse.schema import SCHEMA, partition_bounds, partition_name
from hospital_assets.services.databases import Databases, client_environment
from hospital_assets.services.postgres import binaries

MONTH = date(2021, 3, 1)
DAYS = Period(MONTH, date(2021, 3, 31)).days
RUNS = 7


def copy(settings: Settings, record: RecordType, files: list[str]) -> None:
    """Run psql with a \\copy of each file, all in one transaction."""
    columns = ", ".join(record.schema.column_names())
    target = f"{SCHEMA}.{record.name} ({columns})"
    script = "".join(
        f"\\copy {target} from '{file}' (format csv, header match)\n" for file in files
    )
    subprocess.run(
        [binaries() / "psql", "--quiet", "--no-psqlrc", "--single-transaction",
         "--set=ON_ERROR_STOP=1", "--file=-"],
        input=script,
        env={**os.environ, **client_environment(Databases.of(settings).hospital_url())},
        text=True,
        check=True,
    )  # fmt: skip


def empty(settings: Settings, record: RecordType, *, with_partition: bool) -> None:
    """Take the month away, and write out what is still to be written of the run before."""
    partition = sql.Identifier(SCHEMA, partition_name(record, MONTH))
    with psycopg.connect(Databases.of(settings).hospital_url(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(partition))
        if with_partition:
            connection.execute(
                sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
                    partition, table(record), *map(sql.Literal, partition_bounds(MONTH))
                )
            )
        connection.execute("CHECKPOINT")


def compare(settings: Settings, script: PlainScript, record: RecordType) -> Comparison:
    """Load the month by both ways in turn."""
    files = {day: script.lake.csv(record, day) for day in DAYS}
    paths = [script.lake.path(record, "csv", day) for day in DAYS]
    ours, theirs = [], []
    for run in range(RUNS + 1):
        empty(settings, record, with_partition=False)
        taken = seconds(lambda: script.warehouse.load(record, files))
        loaded = digest(settings, record)
        empty(settings, record, with_partition=True)
        other = seconds(lambda: copy(settings, record, paths))
        same(f"rows of {record.name}", loaded, digest(settings, record))
        if run:
            ours.append(taken)
            theirs.append(other)
    megabytes = sum(Path(path).stat().st_size for path in paths) / 1e6
    return Comparison(
        f"bulk load of {record.name}, {loaded[0]:,} rows, {megabytes:.0f} MB",
        Side("Warehouse.load", ours),
        Side("psql \\copy, same table, keys and foreign keys", theirs),
        ratios(theirs, ours),
        Goal(">=", 0.95),
    )


def main() -> None:
    """Measure, print and keep."""
    with installation() as settings:
        script = PlainScript()
        script.records(DAYS)
        keep("load", [compare(settings, script, one) for one in (STAFF_ASSIGNMENTS, PATIENTS)])


if __name__ == "__main__":
    main()
