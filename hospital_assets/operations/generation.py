"""Records as plain files, straight from the simulation: no server, no lake, no database."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.errors import HospitalError
from hospital_assets.registry import REGISTRY, Registration
from hospital_assets.resources.lake.day_forms import FORMS, by_day, validated
from hospital_assets.simulation import Frames, Hospital


class GenerationError(HospitalError):
    """Files can't be written; the message says which and why."""


def generate(
    hospital: Hospital, days: Period, folder: Path, form: str, tables: Sequence[str]
) -> Iterator[int]:
    """Write `folder/<table>/<table>-YYYY-MM-DD.<form>` and give how many days each step made.

    `form` is a key of FORMS; a day's CSV and Parquet are the bytes that the lake has of it. A file
    is there as a whole or not at all. Raises GenerationError if the folder can't be written.
    """
    needed = _with_sources(tables)
    for part in by_month(days.days):
        frames: Frames = {}
        for row in needed:
            frames[row.name] = row.rows(hospital, part, frames)
        for row in needed:
            if row.name in tables:
                _write(row, frames, folder / row.name, form)
        yield part.length


def _with_sources(tables: Sequence[str]) -> list[Registration]:
    """Return the rows of the registry for the tables and all that these are made from."""
    wanted = set(tables)
    for row in reversed(REGISTRY):
        if row.name in wanted:
            wanted.update(source.name for source in row.reads)
    return [row for row in REGISTRY if row.name in wanted]


def _write(row: Registration, frames: Frames, folder: Path, form: str) -> None:
    rows = validated(row.contract, frames[row.name])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for day, of_day in by_day(row.contract, rows):
            file = folder / f"{row.name}-{day.isoformat()}.{form}"
            unfinished = file.with_name(f".{file.name}.unfinished")
            try:
                unfinished.write_bytes(FORMS[form](of_day))
                unfinished.replace(file)
            except OSError:
                with suppress(OSError):
                    unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise GenerationError(f"{error.filename or folder}: {error.strerror}") from error
