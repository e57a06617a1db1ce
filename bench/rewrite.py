"""The least that records need: the bytes of their days written once more, and copied without a key.

`python -m bench.rewrite 2021-01-01 2021-01-31`, in the installation of the settings, whose lake has
these days. Each file is synced and renamed as the lake does it; two connections copy the same bytes
into unlogged tables without keys, checks or indexes. Prints the number of bytes.
"""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

import psycopg
from psycopg import sql

from bench.installation import asked_days
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.from_settings import open_lake
from hospital_assets.registry import IN_BATCH_LAKE
from hospital_assets.resources.lake.file_store.folder import FolderStore
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.warehouse.loading import names, table
from hospital_assets.services.databases import Databases

CONNECTIONS = 2
_SCHEMA = "rewritten"
Part = tuple[RecordType, Period]


def rewrite(lake: Lake, url: str, days: Sequence[date]) -> int:
    """Write and copy the CSV files of days, and return their bytes; nothing of it stays."""
    parts = [(row.contract, month) for month in by_month(days) for row in IN_BATCH_LAKE]
    with (
        _keyless_tables(url),
        tempfile.TemporaryDirectory(prefix="hospital-rewritten-") as folder,
        ThreadPoolExecutor(CONNECTIONS) as threads,
    ):
        store = FolderStore.at(folder)
        shares = [parts[number::CONNECTIONS] for number in range(CONNECTIONS)]
        return sum(threads.map(lambda share: _rewrite(lake, store, url, share), shares))


def _rewrite(lake: Lake, store: FolderStore, url: str, parts: Sequence[Part]) -> int:
    size = 0
    with psycopg.connect(url, autocommit=True) as connection:
        for record, month in parts:
            files = {f"{record.name}/{day}.csv": lake.csv(record, day) for day in month.days}
            store.replace([files.items()])
            query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER match)").format(
                _keyless(record), names(record.schema.column_names())
            )
            with connection.transaction():
                for content in files.values():
                    with connection.cursor() as cursor, cursor.copy(query) as copy:
                        copy.write(content)
                    size += len(content)
    return size


@contextmanager
def _keyless_tables(url: str) -> Iterator[None]:
    """Have a table for each record that checks nothing, as long as it is needed."""
    with psycopg.connect(url, autocommit=True) as connection:
        schema = sql.Identifier(_SCHEMA)
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        try:
            for row in IN_BATCH_LAKE:
                connection.execute(
                    sql.SQL("CREATE UNLOGGED TABLE {} AS SELECT * FROM {} LIMIT 0").format(
                        _keyless(row.contract), table(row.contract)
                    )
                )
            yield
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(schema))


def _keyless(record: RecordType) -> sql.Identifier:
    return sql.Identifier(_SCHEMA, record.name)


def main() -> None:
    """Rewrite the asked days and print their bytes."""
    settings = load_settings()
    url = Databases.of(settings).hospital_url()
    print(rewrite(open_lake(settings), url, asked_days().days))


if __name__ == "__main__":
    main()
