"""The values that contracts list for a column, and what queries compare the column with.

Neither polars nor DuckDB minds a comparison with a value that no row can have: it never holds.
"""

import re

import dataframely as dy

from hospital_assets.registry import RECORD_TYPES

# One or several texts in quotes, in brackets or not.
_TEXTS = r"""\s*[(\[]*\s*((?:["'][^"']*["'](?:,\s*)?)+)"""


def listed_values() -> dict[str, set[str]]:
    """Return the values of each column that has a list of them, of all records that have it."""
    values: dict[str, set[str]] = {}
    free: set[str] = set()
    for record in RECORD_TYPES:
        for name, column in record.schema.columns().items():
            if isinstance(column, dy.Enum):
                values.setdefault(name, set()).update(column.categories)
            else:
                free.add(name)
    return {name: found for name, found in values.items() if name not in free}


def unknown_values(source: str, compared: str, values: dict[str, set[str]]) -> list[str]:
    """Return the texts that a source compares columns with and that these can't have.

    `compared` is the pattern of what stands before the texts; `{column}` in it is the column.
    """
    return [
        f"{column}: {text}"
        for column, known in values.items()
        for texts in re.findall(compared.replace("{column}", column) + _TEXTS, source)
        for text in re.findall(r"""["']([^"']*)["']""", texts)
        if text not in known
    ]
