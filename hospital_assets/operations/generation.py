"""Records as plain files, straight from the simulation: no server, no lake, no database."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from hospital_assets.calendar.period import Period, by_month
from hospital_assets.errors import HospitalError
from hospital_assets.registry import REGISTRY, Registration, make_records
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
    rows = [row for row in REGISTRY if row.name in tables]
    for part in by_month(days.days):
        frames = make_records(hospital, part, tables)
        for row in rows:
            _write(row, frames, folder / row.name, form)
        yield part.length


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
