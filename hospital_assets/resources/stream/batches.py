"""Batches of messages as the broker keeps them: what can't be read stops nothing behind it.

Kafka's client raises at a batch that it can't read, at each attempt, and never gets beyond it. A
broker keeps such batches: one whose bytes a disk has spoiled, or a small one that becomes gigabytes
when it is decompressed. Here the offsets of what is unreadable stand in the place of its messages.
"""

import gzip
import io
import struct
from collections.abc import Generator
from typing import Any, NamedTuple

import lz4.frame
import snappy
import zstandard
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecord, DefaultRecordBatch
from kafka.record.memory_records import MemoryRecords
from kafka.record.util import decode_varint

from hospital_assets.resources.stream.headers import HeaderReader, nullable_bytes

MOST_DECODED_BYTES = 32 * 2**20
_MAGIC = 2
_XERIAL_MARK = b"\x82SNAPPY\0"
_XERIAL_HEADER_BYTES = 16
_LONGEST_VARINT = 5


class Unreadable(NamedTuple):
    """What stands for messages that can't be read: the offsets `offset` to `end` - 1."""

    topic: str
    partition: int
    offset: int
    end: int
    fault: str
    key: None = None
    value: None = None
    headers: tuple[()] = ()

    @property
    def explanation(self) -> str:
        """What a person is told."""
        return f"the offsets {self.offset} to {self.end - 1} can't be read: {self.fault}"


class _TooLarge(ValueError):
    """A batch is larger than it may be when it is decompressed."""


def read_past_faults(consumer: KafkaConsumer) -> None:
    """Let a consumer give an `Unreadable` instead of raising, and go on after it."""
    consumer._fetcher.PartitionRecords = _Messages


class _Messages(Fetcher.PartitionRecords):  # type: ignore[misc]
    """The messages of one answer of the broker."""

    next_fetch_offset: int

    def _unpack_records(
        self, place: TopicPartition, records: MemoryRecords, *deserializers: Any
    ) -> Generator[Any, None, None]:
        batches = _Batches(records)
        while True:
            try:
                # Goes on with the next batch when it is called again.
                yield from super()._unpack_records(place, batches, *deserializers)
                return
            except MemoryError:
                raise
            except Exception as error:
                if batches.current is None:
                    raise
                first, end = self.next_fetch_offset, batches.end_of_current()
                # Where a header names too high an end, the broker sends its batch for what follows.
                if batches.current.base_offset < end <= first:
                    continue
                first = max(first, batches.current.base_offset)
                self.next_fetch_offset = end = max(first + 1, end)
                yield Unreadable(place.topic, place.partition, first, end, _explain(error))
                # The broker is asked for the rest: the batch may have been the end of a
                # transaction, and its answer tells what becomes of those that follow.
                self.drain()
                return


class _Batches:
    """The batches of an answer, one after the other, as far as they may be decompressed."""

    def __init__(self, records: MemoryRecords) -> None:
        self._records = records
        self._decoded = 0
        self.current: _Batch | None = None

    def next_batch(self) -> Any:
        """Return the next batch, or None after the last."""
        if self.current is not None:
            self._decoded += self.current.decoded_bytes
            self.current = None
        # The broker is asked for the rest once these are used: many small ones may become large.
        if self._decoded >= MOST_DECODED_BYTES:
            return None
        batch = self._records.next_batch()
        if batch is None or batch.magic != _MAGIC:
            return batch
        self.current = _Batch(batch._buffer)
        return self.current

    def end_of_current(self) -> int:
        """Return the offset after the batch, or one within it where nothing vouches for the end.

        Its header may be spoiled as well. To name too little is safe: the rest comes again.
        """
        ends: list[int] = []
        if self.current is not None:
            if self.current.records_count == self.current.last_offset_delta + 1:
                ends.append(self.current.next_offset)
            following: memoryview | None = self._records._next_slice
            if following is not None:
                ends += struct.unpack_from(">q", following)
        return min(ends, default=0)


class _Batch(DefaultRecordBatch):  # type: ignore[misc]
    """A batch that bounds what it becomes, and whose records are read faster."""

    _buffer: bytes
    _pos: int
    _decompressed: bool

    def __init__(self, buffer: bytearray) -> None:
        super().__init__(buffer)
        self._buffer = bytes(buffer)
        self._headers = HeaderReader()
        self.decoded_bytes = 0

    def _maybe_uncompress(self) -> None:
        if not self._decompressed and self.compression_type != self.CODEC_NONE:
            data = bytes(memoryview(self._buffer)[self._pos :])
            content = _decompressed(self.compression_type, data)
            if len(content) > MOST_DECODED_BYTES:
                raise _TooLarge(f"more than {MOST_DECODED_BYTES:,} bytes when it is decompressed")
            self.decoded_bytes = len(content)
            self._buffer, self._pos = content, 0
        self._decompressed = True

    def _read_msg(self) -> DefaultRecord:
        if self.is_control_batch:
            return super()._read_msg()
        buffer = self._buffer
        length, start = decode_varint(buffer, self._pos)
        # A byte of attributes comes first, which Kafka makes no use of.
        delay, position = decode_varint(buffer, start + 1)
        number, position = decode_varint(buffer, position)
        key, position = nullable_bytes(buffer, position)
        value, position = nullable_bytes(buffer, position)
        headers, position = self._headers.read(buffer, position)
        if position - start != length or position > len(buffer):
            raise CorruptRecordError(f"a record of {length} bytes has {position - start}")
        self._pos = position
        by_broker = self.timestamp_type == self.LOG_APPEND_TIME
        time = self.max_timestamp if by_broker else self.first_timestamp + delay
        return DefaultRecord(
            length, self.base_offset + number, time, int(by_broker), key, value, headers
        )


def _decompressed(codec: int, data: bytes) -> bytes:
    """Return what a batch holds; where that is too much, a little more than it may be."""
    most = MOST_DECODED_BYTES + 1
    if codec == DefaultRecordBatch.CODEC_GZIP:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            return file.read(most)
    if codec == DefaultRecordBatch.CODEC_SNAPPY:
        blocks = _snappy_blocks(data)
        if (size := sum(map(_snappy_size, blocks))) >= most:
            raise _TooLarge(f"{size:,} bytes when it is decompressed")
        return b"".join(map(snappy.decompress, blocks))
    if codec == DefaultRecordBatch.CODEC_LZ4:
        frame = lz4.frame.LZ4FrameDecompressor()
        content: bytes = frame.decompress(data, max_length=most)
        if not frame.eof and len(content) < most:
            raise CorruptRecordError("the compressed bytes are cut short")
        return content
    if codec == DefaultRecordBatch.CODEC_ZSTD:
        stream = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
        return stream.read(most)
    raise CorruptRecordError(f"nobody knows the codec {codec}")


def _snappy_blocks(data: bytes) -> list[bytes]:
    """Return the blocks of snappy, which Java's producers write with a header of their own."""
    if not data.startswith(_XERIAL_MARK):
        return [data]
    blocks, position = [], _XERIAL_HEADER_BYTES
    while position < len(data):
        (size,) = struct.unpack_from(">i", data, position)
        if size <= 0:
            raise CorruptRecordError(f"a block of {size} bytes")
        position += 4
        blocks.append(data[position : position + size])
        position += size
    return blocks


def _snappy_size(block: bytes) -> int:
    """Return the size that a block names, which the library allocates unseen."""
    size = 0
    for place, byte in enumerate(block[:_LONGEST_VARINT]):
        size |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return size
    raise CorruptRecordError("a block without its size")


def _explain(error: Exception) -> str:
    # Not what a parser says of the bytes: they may be a patient's.
    return str(error) if isinstance(error, CorruptRecordError | _TooLarge) else type(error).__name__
