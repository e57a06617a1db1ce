"""Records are read as Kafka's client reads them, whatever the headers before them were."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.memory_records import MemoryRecordsBuilder
from kafka.record.util import encode_varint

from hospital_assets.resources.stream.batches import _Batch
from hospital_assets.resources.stream.headers import HeaderReader, nullable_bytes

TEXTS = st.none() | st.sampled_from([b"", b"1", b"x" * 70, b"x" * 200])
HEADERS = st.lists(st.tuples(st.sampled_from(["", "a", "ce_type", "é" * 40]), TEXTS), max_size=4)
RECORDS = st.lists(st.tuples(TEXTS, TEXTS, HEADERS), min_size=1, max_size=8)
ALIKE = [("source", b"us"), ("type", b"1")]
NUMBERED = [(None, b"", [*ALIKE, ("id", b"%d" % number)]) for number in range(4)]


def batch(records: list[Any], offset: int = 7) -> bytes:
    builder = MemoryRecordsBuilder(2, 0, 2**20, offset=offset)
    for number, (key, value, headers) in enumerate(records):
        time = 1_614_582_300_000 + number * 97
        assert builder.append(timestamp=time, key=key, value=value, headers=headers)
    builder.close()
    return bytes(builder.buffer())


def read(records: Any) -> list[Any]:
    return [
        (one.offset, one.timestamp, one.timestamp_type, one.key, one.value, one.headers)
        for one in records
    ]


@settings(deadline=None)
@given(RECORDS)
@example(NUMBERED)
# Nothing of the first is left once there was another in between.
@example([*NUMBERED, (None, b"", []), *NUMBERED])
@example([(None, b"", ALIKE), (None, b"", ALIKE), (None, b"", ALIKE[:1]), (None, b"", [])] * 2)
def test_records_are_those_that_kafkas_client_reads(records: list[Any]) -> None:
    content = batch(records)

    found = read(_Batch(bytearray(content)))
    assert found == read(DefaultRecordBatch(bytearray(content)))
    assert [one[3:] for one in found] == [(key, value, list(head)) for key, value, head in records]


def test_the_time_of_the_broker_counts_where_it_has_set_one() -> None:
    content = bytearray(batch([(None, b"1", []), (None, b"2", [])]))
    content[22] |= DefaultRecordBatch.TIMESTAMP_TYPE_MASK

    found = read(_Batch(content))
    assert found == read(DefaultRecordBatch(content))
    assert [one[1:3] for one in found] == [(1_614_582_300_097, 1)] * 2


@pytest.mark.parametrize("cut", [1, 5, 40, 60])
def test_a_batch_that_is_cut_short_is_corrupt(cut: int) -> None:
    content = bytearray(batch([(b"key", b"value" * 9, ALIKE)] * 3)[:-cut])

    with pytest.raises(CorruptRecordError):
        list(_Batch(content))


def test_a_record_whose_size_is_another_is_corrupt() -> None:
    content = bytearray(batch([(b"key", b"value", ALIKE)]))
    content[61] += 2

    with pytest.raises(CorruptRecordError):
        list(_Batch(content))


def test_headers_with_the_same_beginning_share_it() -> None:
    """What was read once is not made anew: the very same header stands in each record."""
    reader, content = HeaderReader(), bytearray()
    for number in range(3):
        encode_varint(3, content.append)
        for name, value in [*ALIKE, ("id", b"%d" % number)]:
            for text in (name.encode(), value):
                encode_varint(len(text), content.append)
                content += text
    position, found = 0, []
    for _ in range(3):
        headers, position = reader.read(bytes(content), position)
        found.append(headers)

    assert position == len(content)
    assert found == [[*ALIKE, ("id", b"%d" % number)] for number in range(3)]
    assert [one is two for one, two in zip(*found[1:], strict=True)] == [True, True, False]


@pytest.mark.parametrize("content", [b"\x01", b"\x02\x01", b"\x02\x01\x01", b"\x02\x04a", b"\x02"])
def test_what_are_no_headers_is_refused(content: bytes) -> None:
    reader = HeaderReader()

    with pytest.raises((CorruptRecordError, IndexError)):
        reader.read(content, 0)


def test_a_name_that_is_no_utf8_is_read_as_far_as_it_is() -> None:
    assert HeaderReader().read(b"\x02\x04a\xe9\x01", 0) == ([("a\ufffd", None)], 5)
    assert nullable_bytes(b"\x01", 0) == (None, 1)
