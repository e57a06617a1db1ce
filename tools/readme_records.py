"""The table of records in README, from the registry; the rest of the page is written by hand."""

from hospital_assets.configuration.settings import ROOT
from hospital_assets.registry import REGISTRY, Origin, Registration
from tools.generated_file import GeneratedFile

TARGET = ROOT / "README.md"

_BEGIN, _END = "<!-- records: `make generate` writes this table -->\n", "<!-- end of records -->"
_PLACES = {
    Origin.EXTRACT: "`lake/batch`, PostgreSQL",
    Origin.STREAM: "Kafka, `lake/stream`, PostgreSQL",
    Origin.MART: "`lake/batch`, PostgreSQL",
}


def text() -> str:
    """Return the page with the table that the registry gives."""
    before, _, rest = TARGET.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    lines = ["| record | one row is | where it lies |", "|---|---|---|", *map(_row, REGISTRY)]
    return before + _BEGIN + "".join(f"{line}\n" for line in lines) + _END + after


def _row(row: Registration) -> str:
    grain = row.contract.grain.removeprefix("One row is ").rstrip(".")
    return f"| `{row.name}` | {grain} | {_PLACES[row.origin]} |"


FILE = GeneratedFile("readme_records", TARGET, text)
