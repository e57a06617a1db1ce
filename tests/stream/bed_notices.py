"""A second stream type, which the product doesn't have: notices that a bed is free, or is not.

Its slots differ in size and some are empty, its texts are awkward, and a notice may be about an
earlier one.
"""

import uuid
from datetime import date, datetime, timedelta

import dataframely as dy
import polars as pl

from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.stream_type import StreamType

# Events of the slots in turn; the first of them is empty, and so is one in the middle.
SIZES = (0, 7, 1, 0, 4, 2)
SLOTS_A_DAY = 5
NOTES = [None, "", "a, b", 'says "free"', "Therèse", "NULL", "tab\\t"]
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:tests:bed-notice")


class BedNotices(dy.Schema):
    """One row is a notice about a bed."""

    notice_date = dy.Date()
    notice_id = dy.String(primary_key=True, max_length=36)
    slot = dy.Int32(min=1, max=SLOTS_A_DAY)
    bed = dy.String(max_length=20)
    state = dy.Enum(["free", "taken", "withdrawn"])
    withdraws = dy.String(nullable=True, max_length=36, description="An earlier notice.")
    note = dy.String(nullable=True, max_length=40)
    shifts = dy.Int64(nullable=True, min=0)
    until = dy.Datetime(nullable=True)
    noticed_at = dy.Datetime()


BED_NOTICES = RecordType(
    name="bed_notices",
    schema=BedNotices,
    partition_column="notice_date",
    key=("notice_id",),
    indexes=(("notice_date", "slot"),),
)

BED_NOTICE_STREAM = StreamType(
    record=BED_NOTICES,
    subject="bed.notice",
    version=2,
    id_column="notice_id",
    key_column="bed",
    time_column="noticed_at",
    entity=("bed", "bed"),
    summary=(("slot", 4), ("bed", 6)),
)


def bed_notices_of(first_day: date, last_day: date) -> pl.DataFrame:
    """Return the notices of some days; what is withdrawn is the notice before."""
    rows = []
    for day in range((last_day - first_day).days + 1):
        today = first_day + timedelta(days=day)
        for slot in range(1, SLOTS_A_DAY + 1):
            size = SIZES[(today.toordinal() * SLOTS_A_DAY + slot) % len(SIZES)]
            rows += [_notice(today, slot, number) for number in range(size)]
    return BED_NOTICES.schema.cast(pl.DataFrame(rows, schema=BED_NOTICES.schema.column_names()))


def _notice(day: date, slot: int, number: int) -> dict[str, object]:
    at = datetime(day.year, day.month, day.day, slot * 4, number)  # noqa: DTZ001
    withdrawn = number % 2 == 1
    serial = day.toordinal() + slot + number
    return {
        "notice_date": day,
        "notice_id": _id(day, slot, number),
        "slot": slot,
        "bed": f"SU-{number:03}",
        "state": "withdrawn" if withdrawn else "free",
        "withdraws": _id(day, slot, number - 1) if withdrawn else None,
        "note": NOTES[serial % len(NOTES)],
        "shifts": None if serial % 3 else serial,
        "until": None if withdrawn else at + timedelta(hours=1),
        "noticed_at": at,
    }


def _id(day: date, slot: int, number: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{day}/{slot}/{number}"))
