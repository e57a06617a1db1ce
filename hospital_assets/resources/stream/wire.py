"""The wire form of a transfer: one JSON object with the columns of the record and a version.

Pure. The published JSON Schema is derived from the contract like everything else. Three rules are
beyond what it can say: a date and a time must exist, a number is written without a fraction, and
`transfer_date` is the day of `departed_at`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, get_args

import polars as pl
from pydantic import BaseModel, ConfigDict, NaiveDatetime, ValidationError, create_model
from pydantic_core import from_json

from hospital_assets.contracts.transfers import TRANSFERS, Transfers

EVENT_TYPE = "hospital.patient.transfer.v1"
SCHEMA_VERSION = 1
SCHEMA_ID = "urn:hospital-assets:schema:patient-transfer:v1"
SOURCE = "urn:hospital-assets:hospital"
MAX_BYTES = 16_384

Headers = Iterable[tuple[str, bytes | None]]
Reason = Literal[
    "empty",
    "too_large",
    "other_type",
    "not_json",
    "other_version",
    "schema",
    "contradiction",
    "unreadable",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

_DAY_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INSTANT_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
_CONTROL_CHARACTERS = "[\\u0000-\\u001f]"
_UTC_OFFSET = "+02:00"  # Johannesburg, all year round


class BadMessage(ValueError):
    """A message is no event; `reason` is its kind, `event_id` the transfer's if it has one."""

    def __init__(self, reason: Reason, message: str, event_id: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.event_id = event_id


class Event(BaseModel):
    """A transfer as it goes over the wire; its fields are the columns of the contract."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


_CONTRACT = Transfers.to_pydantic_model().model_fields
_FIELDS: dict[str, Any] = {
    # A time with a zone is another one than ours, and is written with its zone too.
    name: (NaiveDatetime if field.annotation is datetime else field.annotation, field)
    for name, field in _CONTRACT.items()
}
_FIELDS["schema_version"] = (Literal[1], ...)
_MODEL = create_model("PatientTransfer", __base__=Event, **_FIELDS)
_FORMS = {
    name: re.compile(_DAY_FORM if field.annotation is date else _INSTANT_FORM)
    for name, field in _CONTRACT.items()
    if field.annotation in (date, datetime)
}
_ID_FORM = re.compile(_CONTRACT["transfer_id"].metadata[-1].pattern)
_read = _MODEL.__pydantic_validator__.validate_json
_write = _MODEL.__pydantic_serializer__.to_json


def encode(row: Mapping[str, Any] | Event) -> bytes:
    """Return the canonical bytes of a row: keys in the contract's order, no spaces, UTF-8.

    Raises BadMessage if the row breaks the contract.
    """
    if isinstance(row, Event):
        return _write(row)
    try:
        return _write(_MODEL.model_validate({**row, "schema_version": SCHEMA_VERSION}))
    except ValidationError as error:
        raise BadMessage("schema", _explain(error)) from None


def encode_frame(rows: pl.DataFrame) -> list[bytes]:
    """Return the canonical bytes of each row of a valid frame; many times faster than `encode`."""
    texts = rows.select(
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
        pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S"),
    )
    form = rows.with_columns(texts).select(
        *TRANSFERS.schema.column_names(), schema_version=pl.lit(SCHEMA_VERSION)
    )
    return form.write_ndjson().encode().splitlines()


def decode(value: bytes | None, headers: Headers = ()) -> Event:
    """Return the event that a message holds, whoever sent it.

    Headers are optional, but one that names another type is believed. Raises BadMessage.
    """
    return read(value, headers)[0]


def read(value: bytes | None, headers: Headers = ()) -> tuple[Event, bytes]:
    """Return the event that a message holds and its canonical bytes; raises BadMessage."""
    if value is None:
        raise BadMessage("empty", "the message has no value")
    if len(value) > MAX_BYTES:
        raise BadMessage("too_large", f"{len(value):,} bytes; an event has at most {MAX_BYTES:,}")
    for name, content in headers:
        if name == "ce_type" and content != EVENT_TYPE.encode():
            raise BadMessage("other_type", f"the header ce_type is {content!r}, not {EVENT_TYPE}")
    try:
        event: Event = _read(value)
    except ValidationError as error:
        raise _bad(value, error) from None
    # What is written as we would write it needs no second look, unless it holds an escape or a
    # fraction of a second.
    canonical = _write(event)
    departed_at: datetime = event.departed_at  # type: ignore[attr-defined]
    if b"\\" in value or canonical != value or departed_at.microsecond:
        _check_forms(from_json(value))
    if departed_at.date() != event.transfer_date:  # type: ignore[attr-defined]
        event_id: str = event.transfer_id  # type: ignore[attr-defined]
        raise BadMessage("schema", "transfer_date: expected the day of departed_at", event_id)
    return event, canonical


class Message(NamedTuple):
    """An event as a producer sends it: bytes, with the CloudEvents headers of the binary mode."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def messages(rows: pl.DataFrame) -> list[Message]:
    """Return the message of each row of a valid frame; many times faster than row by row.

    The key is the patient: events of one patient keep their order in one partition.
    """
    ids = rows.select(
        "transfer_id",
        pl.col("departed_at").dt.strftime(f"%Y-%m-%dT%H:%M:%S{_UTC_OFFSET}"),
        pl.format("encounter/{}", "encounter_id"),
        pl.col("person_id").cast(pl.String),
    )
    return [
        Message(
            key.encode(),
            value,
            [
                *_FIXED_HEADERS,
                ("ce_id", transfer_id.encode()),
                ("ce_time", departed_at.encode()),
                ("ce_subject", subject.encode()),
            ],
        )
        for value, (transfer_id, departed_at, subject, key) in zip(
            encode_frame(rows), ids.iter_rows(), strict=True
        )
    ]


_FIXED_HEADERS = [
    ("ce_specversion", b"1.0"),
    ("ce_type", EVENT_TYPE.encode()),
    ("ce_source", SOURCE.encode()),
    ("ce_dataschema", SCHEMA_ID.encode()),
    ("content-type", b"application/json"),
]


def json_schema() -> dict[str, Any]:
    """Return the published JSON Schema of an event (draft 2020-12)."""
    derived = _MODEL.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "PatientTransfer",
        "description": (Transfers.__doc__ or "").strip(),
        "type": "object",
        "additionalProperties": False,
        "required": derived["required"],
        "properties": {name: _property(details) for name, details in derived["properties"].items()},
    }


def _property(details: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in details.items() if name != "title"}
    if found.get("format") == "date-time":
        # The format of that name has a time zone; ours is local time.
        del found["format"]
        found |= {"pattern": _INSTANT_FORM, "maxLength": 19}
    elif found["type"] == "string" and not {"format", "pattern", "enum"} & found.keys():
        found["not"] = {"pattern": _CONTROL_CHARACTERS}
    return found


def _check_forms(content: dict[str, Any]) -> None:
    """Refuse what the parser takes and the schema doesn't: other forms of dates, say."""
    event_id = content["transfer_id"]
    for name, value in content.items():
        if name in _FORMS:
            if not _FORMS[name].fullmatch(value):
                raise BadMessage("schema", f"{name}: expected {_FORMS[name].pattern}", event_id)
        elif isinstance(value, str) and re.search(_CONTROL_CHARACTERS, value):
            raise BadMessage("schema", f"{name}: holds a control character", event_id)
        elif isinstance(value, bool | float):
            raise BadMessage("schema", f"{name}: expected a whole number", event_id)


def _bad(value: bytes, error: ValidationError) -> BadMessage:
    if error.errors(include_input=False)[0]["type"] == "json_invalid":
        return BadMessage("not_json", _explain(error))
    content = from_json(value)
    if not isinstance(content, dict):
        return BadMessage("schema", _explain(error))
    version, event_id = content.get("schema_version"), content.get("transfer_id")
    if not (isinstance(event_id, str) and _ID_FORM.fullmatch(event_id)):
        event_id = None
    if type(version) is int and version != SCHEMA_VERSION:
        return BadMessage(
            "other_version", f"schema_version {version}; this reads {SCHEMA_VERSION}", event_id
        )
    return BadMessage("schema", _explain(error), event_id)


def _explain(error: ValidationError) -> str:
    # Without the input: it is in the raw bytes, and may be a patient's.
    return "; ".join(
        ": ".join([*(str(part) for part in each["loc"]), each["msg"]])
        for each in error.errors(include_input=False, include_url=False)
    )
