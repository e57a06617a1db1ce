"""The headers of a batch's records, read several times as fast as Kafka's client reads them.

They are three quarters of what there is to read of a record, and those of one producer begin alike:
source, type and schema are the same in each. What was read a record before isn't read again.
"""

from kafka.errors import CorruptRecordError
from kafka.record.util import decode_varint

Header = tuple[str, bytes | None]


class HeaderReader:
    """Reads the headers of the records of one batch, in their order."""

    def __init__(self) -> None:
        self._before: list[Header] = []
        # How those of the last records began, their number included, and what that says.
        self._beginning = b""
        self._begun: list[Header] = []
        self._count = 0

    def read(self, buffer: bytes, position: int) -> tuple[list[Header], int]:
        """Return the headers at a position, and the position after them.

        A name that is no UTF-8 is read as far as it is. Raises CorruptRecordError, ValueError or
        IndexError at bytes that are no headers.
        """
        if not self._beginning or not buffer.startswith(self._beginning, position):
            return self._learn(buffer, position)
        headers = self._begun.copy()
        position += len(self._beginning)
        for _ in range(self._count - len(headers)):
            header, position = _header(buffer, position)
            headers.append(header)
        return headers, position

    def _learn(self, buffer: bytes, position: int) -> tuple[list[Header], int]:
        start = position
        count, position = decode_varint(buffer, position)
        if count < 0:
            raise CorruptRecordError(f"a record with {count} headers")
        headers: list[Header] = []
        alike = count == len(self._before)
        self._beginning = b""
        for number in range(count):
            header, position = _header(buffer, position)
            headers.append(header)
            alike = alike and header == self._before[number]
            if alike:
                self._beginning, self._begun = buffer[start:position], headers.copy()
        self._before, self._count = headers, count
        return headers, position


def nullable_bytes(buffer: bytes, position: int) -> tuple[bytes | None, int]:
    """Return the bytes whose length stands at a position, or None, and the position after them."""
    size, position = decode_varint(buffer, position)
    if size < 0:
        return None, position
    return buffer[position : position + size], position + size


def _header(buffer: bytes, position: int) -> tuple[Header, int]:
    name, position = nullable_bytes(buffer, position)
    if name is None:
        raise CorruptRecordError("a header without a name")
    value, position = nullable_bytes(buffer, position)
    return (name.decode(errors="replace"), value), position
