"""Fixtures for the tests of local services."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

Listener = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def occupy() -> Listener:
    """A context manager that occupies a port of the loopback address."""

    @contextmanager
    def listen(port: int) -> Iterator[None]:
        with socket.socket() as occupant:
            occupant.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            occupant.bind(("127.0.0.1", port))
            occupant.listen()
            yield

    return listen
