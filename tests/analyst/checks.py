"""The checks: a query each, whose first line says what must hold and whose rows break it.

`impossible` are records that can't be, `implausible` shares that no hospital has. A query that
needs a record or column that no contract may have says so in a line `-- needs:`; one that holds
until there is a record that tells more, in a line `-- until:`.
"""

from pathlib import Path

import duckdb

from hospital_assets.insight.scorecard.scoring import lacking
from hospital_assets.registry import COLUMNS

FOLDER = Path(__file__).parent
IMPOSSIBLE = {file.stem: file for file in sorted((FOLDER / "impossible").glob("*.sql"))}
IMPLAUSIBLE = {file.stem: file for file in sorted((FOLDER / "implausible").glob("*.sql"))}
CHECKS = IMPOSSIBLE | IMPLAUSIBLE


def reason_to_skip(file: Path) -> str:
    """Return why a check can't be run on the records that there are, or an empty text."""
    if missing := lacking(_named(file, "needs"), COLUMNS):
        return f"there is no {missing} yet"
    until = _named(file, "until")
    return f"{until[0]} tells more" if until and not lacking(until, COLUMNS) else ""


def broken(file: Path, lake: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Return the rows that break a check."""
    return lake.execute(file.read_text(encoding="utf-8")).fetchall()


def _named(file: Path, word: str) -> list[str]:
    begin = f"-- {word}: "
    lines = file.read_text(encoding="utf-8").splitlines()
    return [
        name
        for line in lines
        if line.startswith(begin)
        for name in line.removeprefix(begin).split(", ")
    ]
