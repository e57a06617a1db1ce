"""What is wrong with the records of some days: rules of contracts and laws that they break."""

from collections.abc import Iterator
from dataclasses import dataclass

import dataframely as dy

from hospital_assets.calendar.period import Period
from hospital_assets.law_checks import broken_laws
from hospital_assets.registry import REGISTRY
from hospital_assets.resources.lake.csv_form import CsvError
from hospital_assets.resources.lake.day_forms import validated
from hospital_assets.simulation import Frames, Hospital


@dataclass(frozen=True)
class Fault:
    """A rule or law that some rows of a record break, and the first of them."""

    record: str
    broken: str
    detail: str

    def __str__(self) -> str:
        return f"{self.record} breaks {self.broken}: {self.detail}"


def faults(hospital: Hospital, frames: Frames, days: Period) -> Iterator[Fault]:
    """Give what is wrong with the records of some days; laws look back within these days alone."""
    for row in REGISTRY:
        try:
            validated(row.contract, frames[row.name])
        except (dy.exc.SchemaError, dy.exc.ValidationError, CsvError) as error:
            yield Fault(row.name, "its contract", " ".join(str(error).split()))
        for law, rows in broken_laws(row, frames, {}, days.first_day, hospital.parameters):
            if len(rows):
                yield Fault(row.name, law.name, f"{len(rows)} rows, such as {rows.row(0)}")


def lacking_rows(frames: Frames, days: Period) -> Iterator[Fault]:
    """Give the records that have no row on some of the days."""
    for row in REGISTRY:
        there = set(frames[row.name].get_column(row.contract.partition_column).unique())
        lacking = [day.isoformat() for day in days.days if day not in there]
        if lacking:
            yield Fault(row.name, "having rows", f"none on {', '.join(lacking)}")
