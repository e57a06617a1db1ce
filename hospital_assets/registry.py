"""The registry: which record types exist, who makes each, from what, and which laws it keeps.

Whoever enumerates records (definitions, jobs, verification, backup, the dictionary) reads it. A row
that lacks something fails here, at import, in one line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pkgutil import iter_modules

import polars as pl

from hospital_assets import contracts
from hospital_assets.calendar.period import Period
from hospital_assets.contracts.absences import ABSENCES
from hospital_assets.contracts.bed_movements import BED_MOVEMENTS
from hospital_assets.contracts.diagnoses import DIAGNOSES
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.staff_assignments import STAFF_ASSIGNMENTS
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.insight import patient_flow
from hospital_assets.simulation import Frames, Hospital
from hospital_assets.simulation.laws.absences import ABSENCE_LAWS
from hospital_assets.simulation.laws.bed_movements import BED_MOVEMENT_LAWS
from hospital_assets.simulation.laws.diagnoses import DIAGNOSIS_LAWS
from hospital_assets.simulation.laws.doctors import DOCTOR_LAWS
from hospital_assets.simulation.laws.law import Law
from hospital_assets.simulation.laws.patients import PATIENT_LAWS
from hospital_assets.simulation.laws.people import PEOPLE_LAWS
from hospital_assets.simulation.laws.staff_assignments import ASSIGNMENT_LAWS
from hospital_assets.simulation.records import (
    absences,
    bed_movements,
    diagnoses,
    doctors,
    patients,
    people,
    staff_assignments,
    transfers,
)

Maker = Callable[[Hospital, Period, Frames], pl.DataFrame]


class RegistryError(Exception):
    """A row of the registry is incomplete; the message names it and what it lacks."""


class Origin(Enum):
    """Where a record's rows come from, and with it how they get into lake and database."""

    EXTRACT = "the simulation, day by day: files in lake/batch, from there a table"
    STREAM = "the simulation, as events over Kafka: files in lake/stream and a table"
    MART = "counted from other records that are there: files in lake/batch, from there a table"


@dataclass(frozen=True)
class Registration:
    """A record type and what is bound to it.

    `make` returns the rows of some days, given the rows of the records in `reads`, which may be of
    more days than those; a law may look at these records and at the record itself. `stream` says
    what the events of a streamed record are like.
    """

    contract: RecordType
    origin: Origin
    make: Maker
    reads: tuple[RecordType, ...] = ()
    laws: tuple[Law, ...] = ()
    stream: StreamType | None = None

    @property
    def name(self) -> str:
        """The record's name."""
        return self.contract.name

    def rows(self, hospital: Hospital, days: Period, frames: Frames) -> pl.DataFrame:
        """Make the rows of some days, with the types of the contract.

        Raises RegistryError if the maker's columns are not the contract's.
        """
        made = self.make(hospital, days, {one.name: frames[one.name] for one in self.reads})
        own, wanted = set(made.columns), set(self.contract.schema.column_names())
        if own != wanted:
            faults = [f"lacks {name}" for name in sorted(wanted - own)]
            faults += [f"has {name}, which the contract has not" for name in sorted(own - wanted)]
            raise RegistryError(f"the maker of {self.name} {'; '.join(faults)}")
        return self.contract.schema.cast(made)


REGISTRY = (
    Registration(PEOPLE, Origin.EXTRACT, people.records, laws=PEOPLE_LAWS),
    Registration(DOCTORS, Origin.EXTRACT, doctors.records, (PEOPLE,), DOCTOR_LAWS),
    Registration(
        STAFF_ASSIGNMENTS,
        Origin.EXTRACT,
        staff_assignments.records,
        (DOCTORS, PEOPLE),
        ASSIGNMENT_LAWS,
    ),
    Registration(ABSENCES, Origin.EXTRACT, absences.records, (STAFF_ASSIGNMENTS,), ABSENCE_LAWS),
    Registration(
        PATIENTS,
        Origin.EXTRACT,
        patients.records,
        (STAFF_ASSIGNMENTS, DOCTORS, PEOPLE),
        PATIENT_LAWS,
    ),
    Registration(
        BED_MOVEMENTS, Origin.EXTRACT, bed_movements.records, (PATIENTS,), BED_MOVEMENT_LAWS
    ),
    Registration(DIAGNOSES, Origin.EXTRACT, diagnoses.records, (PATIENTS,), DIAGNOSIS_LAWS),
    Registration(TRANSFERS, Origin.STREAM, transfers.records, stream=TRANSFER_STREAM),
    Registration(
        PATIENT_FLOW,
        Origin.MART,
        patient_flow.records,
        (PATIENTS, BED_MOVEMENTS, TRANSFERS),
        patient_flow.FLOW_LAWS,
    ),
)


def check(rows: Sequence[Registration]) -> None:
    """Raise RegistryError unless every row is complete and comes after what it is made from."""
    known: set[str] = set()
    laws: set[str] = set()
    for row in rows:
        if row.name in known:
            raise RegistryError(f"{row.name} stands in the registry twice")
        if row.origin is not Origin.STREAM and not row.laws:
            raise RegistryError(
                f"{row.name} has no law: write one in simulation/laws/, a mart's beside its maker"
            )
        if (row.origin is Origin.STREAM) != (row.stream is not None):
            raise RegistryError(f"{row.name} needs the origin STREAM and a stream type, or neither")
        if row.stream is not None and row.stream.record is not row.contract:
            raise RegistryError(f"the stream type of {row.name} is of {row.stream.name}")
        referred = {one.table for one in row.contract.references} - {row.name}
        sources = {one.name for one in row.reads} | referred
        if later := sorted(sources - known):
            raise RegistryError(f"{row.name} needs {later[0]}, which no row before it is of")
        for law in row.laws:
            if not law.reads:
                raise RegistryError(f"the law {law.name} of {row.name} looks at no record")
            if law.name in laws:
                raise RegistryError(f"two laws are called {law.name}, one of them of {row.name}")
            if unread := sorted(set(law.reads) - {one.name for one in row.reads} - {row.name}):
                raise RegistryError(f"the law {law.name} looks at {unread[0]}, which {row.name} "
                                    "doesn't read")  # fmt: skip
            laws.add(law.name)
        known.add(row.name)


def check_contracts(rows: Sequence[Registration]) -> None:
    """Raise RegistryError if a module of contracts/ defines a record type that has no row."""
    known = {row.name for row in rows}
    for found in iter_modules(contracts.__path__, f"{contracts.__name__}."):
        for value in vars(import_module(found.name)).values():
            if isinstance(value, RecordType) and value.name not in known:
                raise RegistryError(
                    f"{value.name} has a contract and no row in hospital_assets/registry.py"
                )


check(REGISTRY)
check_contracts(REGISTRY)

EXTRACTS = tuple(row for row in REGISTRY if row.origin is Origin.EXTRACT)
STREAMED = tuple(row for row in REGISTRY if row.origin is Origin.STREAM)
MARTS = tuple(row for row in REGISTRY if row.origin is Origin.MART)
# In the order in which they are made from each other.
IN_BATCH_LAKE = (*EXTRACTS, *MARTS)
RECORD_TYPES = tuple(row.contract for row in REGISTRY)
STREAM_TYPES = tuple(row.stream for row in REGISTRY if row.stream is not None)


def registration(record: RecordType) -> Registration:
    """Return the row of a record type; raises RegistryError if there is none."""
    for row in REGISTRY:
        if row.contract is record:
            return row
    raise RegistryError(f"{record.name} has no row in hospital_assets/registry.py")


def make_extracts(hospital: Hospital, days: Period) -> Frames:
    """Return the rows of every extract of some days, each made from those before it."""
    return make_records(hospital, days, [row.name for row in EXTRACTS])


def make_all(hospital: Hospital, days: Period) -> Frames:
    """Return the rows of every record of some days, of streams and marts too."""
    return make_records(hospital, days, [row.name for row in REGISTRY])


def make_records(hospital: Hospital, days: Period, names: Sequence[str]) -> Frames:
    """Return the rows of some days, of the records so named and of all that these are made from."""
    wanted = set(names)
    for row in reversed(REGISTRY):
        if row.name in wanted:
            wanted.update(source.name for source in row.reads)
    frames: Frames = {}
    for row in REGISTRY:
        if row.name in wanted:
            frames[row.name] = row.rows(hospital, days, frames)
    return frames
