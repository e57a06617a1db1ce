"""The data dictionary from the contracts: `python -m hospital_assets.operations.dictionary`."""

from hospital_assets.contracts import RECORD_TYPES, RecordType
from hospital_assets.resources.preview import table_schema
from hospital_assets.settings import ROOT

TARGET = ROOT / "docs" / "data-dictionary.md"

_HEAD = """# Data dictionary

Written from the contracts in `hospital_assets/contracts.py`. Types are PostgreSQL's; the lake has
the same columns in the same order. Times are local time in Johannesburg, without a zone.
"""


def dictionary() -> str:
    """Return the dictionary as Markdown, a section a record type."""
    return "\n".join([_HEAD, *(_section(record) for record in RECORD_TYPES)])


def _section(record: RecordType) -> str:
    schema = table_schema(record)
    lines = [
        f"## {record.name}",
        "",
        (record.schema.__doc__ or "").strip(),
        "",
        *(f"- `{constraint}`" for constraint in schema.constraints.other),
        "",
        "| column | type | null | meaning | rules |",
        "|---|---|---|---|---|",
    ]
    for column in schema.columns:
        rules = " and ".join(f"`{rule}`" for rule in column.constraints.other)
        null = "yes" if column.constraints.nullable else ""
        cells = (f"`{column.name}`", column.type, null, column.description or "", rules)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    TARGET.write_text(dictionary(), encoding="utf-8")
