"""The checks: a query each, whose first line says what must hold and whose rows break it.

`impossible` are records that can't be, `implausible` shares that no hospital has.
"""

from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent
IMPOSSIBLE = {file.stem: file for file in sorted((FOLDER / "impossible").glob("*.sql"))}
IMPLAUSIBLE = {file.stem: file for file in sorted((FOLDER / "implausible").glob("*.sql"))}
CHECKS = IMPOSSIBLE | IMPLAUSIBLE


def broken(file: Path, lake: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Return the rows that break a check."""
    return lake.execute(file.read_text(encoding="utf-8")).fetchall()
