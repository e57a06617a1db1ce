"""The wire form: canonical, strict, and described by a schema that an independent tool reads."""

import json
from datetime import date
from typing import Any

import jsonschema
import polars as pl
import pytest

from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.resources.stream.wire import BadMessage
from tests.stream.sites import TRANSFER_FORM, transfers_of

SCHEMA_FILE = ROOT / "docs" / "schemas" / "patient-transfer-v1.json"
VALIDATOR = jsonschema.Draft202012Validator(
    json.loads(SCHEMA_FILE.read_text(encoding="utf-8")),
    format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return transfers_of(date(2021, 3, 1), date(2021, 3, 7))


@pytest.fixture(scope="module")
def event(rows: pl.DataFrame) -> dict[str, Any]:
    """The JSON object of one transfer."""
    content: dict[str, Any] = json.loads(TRANSFER_FORM.encode_frame(rows)[0])
    return content


def test_the_published_schema_is_the_one_that_the_contract_gives() -> None:
    jsonschema.Draft202012Validator.check_schema(TRANSFER_FORM.json_schema())

    assert json.loads(SCHEMA_FILE.read_text(encoding="utf-8")) == TRANSFER_FORM.json_schema()


def test_both_encoders_give_the_same_bytes_and_they_read_back(rows: pl.DataFrame) -> None:
    encoded = TRANSFER_FORM.encode_frame(rows)

    assert encoded == [TRANSFER_FORM.encode(row) for row in rows.iter_rows(named=True)]
    decoded = [TRANSFER_FORM.decode(value) for value in encoded]
    assert [TRANSFER_FORM.encode(event) for event in decoded] == encoded
    back = pl.DataFrame([event.model_dump(exclude={"schema_version"}) for event in decoded])
    assert TRANSFERS.schema.cast(back).equals(TRANSFERS.schema.cast(rows))
    assert all(VALIDATOR.is_valid(json.loads(value)) for value in encoded)


def test_other_spacing_key_order_and_escapes_mean_the_same(event: dict[str, Any]) -> None:
    event = event | {"facility": "Clinique Sainte-Thérèse"}
    canonical = TRANSFER_FORM.encode(
        TRANSFER_FORM.decode(json.dumps(event, ensure_ascii=False).encode())
    )
    other = json.dumps(dict(reversed(event.items())), indent=2).encode()

    assert b"\\u00e9" in other
    assert TRANSFER_FORM.encode(TRANSFER_FORM.decode(other)) == canonical
    assert "é".encode() in canonical


CHANGES: list[dict[str, Any]] = [
    {"transfer_date": "2021-03-01T00:00:00"},
    {"transfer_date": "20210301"},
    {"transfer_date": "2021-02-30"},
    {"transfer_date": 20210301},
    {"departed_at": "2021-03-01T07:05:00Z"},
    {"departed_at": "2021-03-01T07:05:00+02:00"},
    {"departed_at": "2021-03-01T07:05:00.5"},
    {"departed_at": "2021-03-01 07:05:00"},
    {"departed_at": 1614582300},
    {"slot": 0},
    {"slot": 25},
    {"slot": "1"},
    {"slot": True},
    {"slot": 1.5},
    {"slot": None},
    {"person_id": 2**63},
    {"person_id": -1},
    {"transfer_id": "4B001CDD-EA8F-5EC7-A412-97A0A51ED896"},
    {"transfer_id": "4b001cdd-ea8f-4ec7-a412-97a0a51ed896"},
    {"priority": "soon"},
    {"department": "x" * 41},
    {"ward": "line\nbreak"},
    {"ward": "nul\x00"},
    {"schema_version": "1"},
    {"schema_version": True},
    {"colour": "blue"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_both_refuse_what_breaks_the_schema(event: dict[str, Any], change: dict[str, Any]) -> None:
    broken = event | change

    assert not VALIDATOR.is_valid(broken)
    with pytest.raises(BadMessage) as raised:
        TRANSFER_FORM.decode(json.dumps(broken).encode())
    assert raised.value.reason == "schema"
    assert next(iter(change)) in str(raised.value)


@pytest.mark.parametrize("missing", [*TRANSFERS.schema.column_names(), "schema_version"])
def test_both_refuse_an_event_without_a_key(event: dict[str, Any], missing: str) -> None:
    broken = {name: value for name, value in event.items() if name != missing}

    assert not VALIDATOR.is_valid(broken)
    with pytest.raises(BadMessage, match=f"^{missing}: ") as raised:
        TRANSFER_FORM.decode(json.dumps(broken).encode())
    assert raised.value.reason == "schema"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),
        (b"", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b'{"slot":', "not_json"),
        (b"[" * 10_000, "not_json"),
        (b"[]", "schema"),
        (b"null", "schema"),
        (b"x" * 20_000, "too_large"),
    ],
    ids=repr,
)
def test_the_reason_names_what_is_wrong(value: bytes | None, reason: str) -> None:
    with pytest.raises(BadMessage) as raised:
        TRANSFER_FORM.decode(value)
    assert raised.value.reason == reason


def test_a_future_version_is_told_from_a_broken_event(event: dict[str, Any]) -> None:
    future = event | {"schema_version": 2, "ambulance": "GP 12"}

    with pytest.raises(BadMessage) as raised:
        TRANSFER_FORM.decode(json.dumps(future).encode())
    assert (raised.value.reason, raised.value.event_id) == ("other_version", event["transfer_id"])


def test_headers_are_optional_but_may_not_contradict(event: dict[str, Any]) -> None:
    value = json.dumps(event).encode()

    TRANSFER_FORM.decode(
        value, [("ce_type", TRANSFER_STREAM.event_type.encode()), ("traceparent", None)]
    )
    with pytest.raises(BadMessage) as raised:
        TRANSFER_FORM.decode(value, [("ce_type", b"hospital.patient.birth.v1")])
    assert raised.value.reason == "other_type"


def test_the_headers_are_those_of_a_cloud_event(rows: pl.DataFrame) -> None:
    row = rows.row(0, named=True)
    message = next(TRANSFER_FORM.messages(rows))
    headers = dict(message.headers)

    assert headers["ce_id"].decode() == row["transfer_id"]
    assert headers["ce_time"].decode() == f"{row['departed_at']:%Y-%m-%dT%H:%M:%S}+02:00"
    assert headers["ce_dataschema"].decode() == TRANSFER_FORM.json_schema()["$id"]
    assert headers["ce_subject"].decode() == f"encounter/{row['encounter_id']}"
    assert message.key.decode() == str(row["person_id"])
    assert message.value == TRANSFER_FORM.encode(row)


def test_a_refusal_does_not_repeat_the_content(event: dict[str, Any]) -> None:
    with pytest.raises(BadMessage) as raised:
        TRANSFER_FORM.decode(json.dumps(event | {"priority": "Nomsa Dlamini"}).encode())
    assert "Dlamini" not in str(raised.value)
