"""The wire form of an event: one JSON object with the columns of the record and a version.

Pure. The published JSON Schema is derived from the contract like everything else. Four rules are
beyond what it can say: a date and a time must exist, a number is written without a fraction, the
record's day is that of the event's time, and it is one of the hospital's period.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args

import polars as pl
from pydantic import BaseModel, ConfigDict, NaiveDatetime, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import from_json

from hospital_assets.calendar.period import Period
from hospital_assets.contracts.stream_type import StreamType

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
    "outside_period",
    "contradiction",
    "unreadable",
    "set_aside",
]
REASONS: tuple[Reason, ...] = get_args(Reason)

_DAY_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_INSTANT_FORM = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
_CONTROL_CHARACTERS = "[\\u0000-\\u001f]"
_UTC_OFFSET = "+02:00"  # Johannesburg, all year round


class BadMessage(ValueError):
    """A message is no event; `reason` is its kind, `event_id` the event's if it has one."""

    def __init__(self, reason: Reason, message: str, event_id: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.event_id = event_id


class Event(BaseModel):
    """An event as it goes over the wire; its fields are the columns of the contract."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Message(NamedTuple):
    """An event as a producer sends it: bytes, with the CloudEvents headers of the binary mode."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


class WireForm:
    """How the events of a stream type are written and read."""

    def __init__(self, kind: StreamType) -> None:
        self.kind = kind
        contract = kind.record.schema.to_pydantic_model().model_fields
        fields: dict[str, Any] = {name: _field(field) for name, field in contract.items()}
        fields["schema_version"] = (Literal[kind.version], ...)
        self._model = create_model(kind.title, __base__=Event, **fields)
        self._forms = {
            name: re.compile(_DAY_FORM if plain is date else _INSTANT_FORM)
            for name, field in contract.items()
            if (plain := _plain(field.annotation)) in (date, datetime)
        }
        # The ids of a bad message are kept where they are ids at all.
        self._id_form = re.compile(_pattern(contract[kind.id_column]))
        self._read = self._model.__pydantic_validator__.validate_json
        self._write = self._model.__pydantic_serializer__.to_json
        self._times = tuple(
            name for name, field in contract.items() if _plain(field.annotation) is datetime
        )
        self._day, self._time = (
            attrgetter(kind.record.partition_column),
            attrgetter(kind.time_column),
        )
        self._id = attrgetter(kind.id_column)
        self._type = kind.event_type.encode()
        self._fixed_headers = [
            ("ce_specversion", b"1.0"),
            ("ce_type", self._type),
            ("ce_source", SOURCE.encode()),
            ("ce_dataschema", kind.schema_id.encode()),
            ("content-type", b"application/json"),
        ]

    def encode(self, row: Mapping[str, Any] | Event) -> bytes:
        """Return the canonical bytes of a row: keys in the contract's order, no spaces, UTF-8.

        Raises BadMessage if the row breaks the contract.
        """
        if isinstance(row, Event):
            return self._write(row)
        try:
            content = {**row, "schema_version": self.kind.version}
            return self._write(self._model.model_validate(content))
        except ValidationError as error:
            raise BadMessage("schema", _explain(error)) from None

    def encode_frame(self, rows: pl.DataFrame) -> list[bytes]:
        """Return the canonical bytes of each row of a valid frame, many times faster."""
        texts = rows.select(
            pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
            pl.col(pl.Datetime).dt.strftime("%Y-%m-%dT%H:%M:%S"),
        )
        form = rows.with_columns(texts).select(
            *self.kind.record.schema.column_names(), schema_version=pl.lit(self.kind.version)
        )
        return form.write_ndjson().encode().splitlines()

    def decode(
        self, value: bytes | None, headers: Headers = (), within: Period | None = None
    ) -> Event:
        """Return the event that a message holds, whoever sent it.

        Headers are optional, but one that names another type is believed. An event of a day outside
        `within` is none. Raises BadMessage.
        """
        return self.read(value, headers, within)[0]

    def read(
        self, value: bytes | None, headers: Headers = (), within: Period | None = None
    ) -> tuple[Event, bytes]:
        """Return the event that a message holds, as `decode` does, and its canonical bytes."""
        if value is None:
            raise BadMessage("empty", "the message has no value")
        if len(value) > MAX_BYTES:
            raise BadMessage(
                "too_large", f"{len(value):,} bytes; an event has at most {MAX_BYTES:,}"
            )
        for name, content in headers:
            if name == "ce_type" and content != self._type:
                raise BadMessage(
                    "other_type",
                    f"the header ce_type is {content!r}, not {self.kind.event_type}",
                )
        try:
            event: Event = self._read(value)
        except ValidationError as error:
            raise self._bad(value, error) from None
        # What is written as we would write it needs no second look, unless it holds an escape or a
        # fraction of a second; that has a point.
        canonical = self._write(event)
        if canonical != value or b"\\" in value or (b"." in value and self._has_fraction(event)):
            self._check_forms(from_json(value))
        day: date = self._day(event)
        if self._time(event).date() != day:
            column, time = self.kind.record.partition_column, self.kind.time_column
            raise BadMessage("schema", f"{column}: expected the day of {time}", self.id_of(event))
        if within is not None and day not in within:
            text = f"{self.kind.record.partition_column}: expected a day of {within}"
            raise BadMessage("outside_period", text, self.id_of(event))
        return event, canonical

    def problem(self, line: bytes) -> str:
        """Return why a line of a file is no event, empty if it is one."""
        try:
            self.read(line)
        except BadMessage as error:
            return str(error)
        return ""

    def id_of(self, event: Event) -> str:
        """Return the id of an event."""
        event_id: str = self._id(event)
        return event_id

    def key_of(self, event: Event) -> bytes:
        """Return the key of an event's message."""
        return str(getattr(event, self.kind.key_column)).encode()

    def messages(self, rows: pl.DataFrame) -> Iterator[Message]:
        """Give the message of each row of a valid frame; many times faster than row by row.

        Events of one key keep their order in one partition of the topic.
        """
        entity, entity_id = self.kind.entity
        ids = rows.select(
            id=pl.col(self.kind.id_column),
            time=pl.col(self.kind.time_column).dt.strftime(f"%Y-%m-%dT%H:%M:%S{_UTC_OFFSET}"),
            subject=pl.format(entity + "/{}", entity_id),
            key=pl.col(self.kind.key_column).cast(pl.String),
        )
        # One at a time: Python's collector takes longer over all of them than making them takes.
        for value, (event_id, time, subject, key) in zip(
            self.encode_frame(rows), ids.iter_rows(), strict=True
        ):
            headers = [
                *self._fixed_headers,
                ("ce_id", event_id.encode()),
                ("ce_time", time.encode()),
                ("ce_subject", subject.encode()),
            ]
            yield Message(key.encode(), value, headers)

    def json_schema(self) -> dict[str, Any]:
        """Return the published JSON Schema of an event (draft 2020-12)."""
        derived = self._model.model_json_schema()
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": self.kind.schema_id,
            "title": self.kind.title,
            "description": self.kind.record.grain,
            "type": "object",
            "additionalProperties": False,
            "required": derived["required"],
            "properties": {
                name: _property(details) for name, details in derived["properties"].items()
            },
        }

    def _has_fraction(self, event: Event) -> bool:
        for name in self._times:
            time: datetime | None = getattr(event, name)
            if time is not None and time.microsecond:
                return True
        return False

    def _check_forms(self, content: dict[str, Any]) -> None:
        """Refuse what the parser takes and the schema doesn't: other forms of dates, say."""
        event_id = content[self.kind.id_column]
        for name, value in content.items():
            if name in self._forms and value is not None:
                form = self._forms[name]
                if not form.fullmatch(value):
                    raise BadMessage("schema", f"{name}: expected {form.pattern}", event_id)
            elif isinstance(value, str) and re.search(_CONTROL_CHARACTERS, value):
                raise BadMessage("schema", f"{name}: holds a control character", event_id)
            elif isinstance(value, bool | float):
                raise BadMessage("schema", f"{name}: expected a whole number", event_id)

    def _bad(self, value: bytes, error: ValidationError) -> BadMessage:
        if error.errors(include_input=False)[0]["type"] == "json_invalid":
            return BadMessage("not_json", _explain(error))
        content = from_json(value)
        if not isinstance(content, dict):
            return BadMessage("schema", _explain(error))
        version, event_id = content.get("schema_version"), content.get(self.kind.id_column)
        if not (isinstance(event_id, str) and self._id_form.fullmatch(event_id)):
            event_id = None
        own_version = self.kind.version
        if type(version) is int and version != own_version:
            return BadMessage(
                "other_version", f"schema_version {version}; this reads {own_version}", event_id
            )
        return BadMessage("schema", _explain(error), event_id)


def is_ours(message: Any) -> bool:
    """Return whether a producer of ours has sent a message, of whatever hospital."""
    return ("ce_source", SOURCE.encode()) in message.headers


@cache
def form(kind: StreamType) -> WireForm:
    """Return the wire form of a stream type."""
    return WireForm(kind)


def _field(field: FieldInfo) -> tuple[Any, FieldInfo]:
    """Return a column as a field that refuses a time with a zone: it is another one than ours."""
    if _plain(field.annotation) is not datetime:
        return field.annotation, field
    optional = NoneType in get_args(field.annotation)
    return (NaiveDatetime | None if optional else NaiveDatetime), field


def _plain(annotation: Any) -> Any:
    """Return the type of a column, without the null that it may also hold."""
    plain = [one for one in get_args(annotation) if one is not NoneType]
    return plain[0] if len(plain) == 1 and NoneType in get_args(annotation) else annotation


def _pattern(field: FieldInfo) -> str:
    patterns = (getattr(one, "pattern", None) for one in field.metadata)
    return next((pattern for pattern in patterns if pattern is not None), ".*")


def _property(details: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in details.items() if name != "title"}
    if "anyOf" in found:
        found["anyOf"] = [_property(one) for one in found["anyOf"]]
    elif found.get("format") == "date-time":
        # The format of that name has a time zone; ours is local time.
        del found["format"]
        found |= {"pattern": _INSTANT_FORM, "maxLength": 19}
    elif found["type"] == "string" and not {"format", "pattern", "enum"} & found.keys():
        found["not"] = {"pattern": _CONTROL_CHARACTERS}
    return found


def _explain(error: ValidationError) -> str:
    # Without the input: it is in the raw bytes, and may be a patient's.
    return "; ".join(
        ": ".join([*(str(part) for part in each["loc"]), each["msg"]])
        for each in error.errors(include_input=False, include_url=False)
    )
