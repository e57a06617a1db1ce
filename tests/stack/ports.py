"""Published ports: connections to this machine are passed on to a container."""

import socket
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

from tests.stack.composefile import ComposeError

_BYTES = 65_536


class PublishedPort:
    """One published port, such as 127.0.0.1:3000:3000, passed on to `address`."""

    def __init__(self, port: str, address: str) -> None:
        host, published, target = port.rsplit(":", 2)
        self.host, self.port = host, int(published)
        try:
            self._server = _Forwarder((host, int(published)), (address, int(target)))
        except OSError as error:
            raise ComposeError(f"{host}:{published}: {error.strerror}") from error
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._server.shutdown()
        self._server.server_close()


class _Forwarder(ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 64
    daemon_threads = True
    block_on_close = False

    def __init__(self, published: tuple[str, int], target: tuple[str, int]) -> None:
        self.target = target
        super().__init__(published, _Connection)


class _Connection(BaseRequestHandler):
    server: _Forwarder

    def handle(self) -> None:
        """Pass on what both sides say; nobody listening there looks like a closed connection."""
        try:
            other = socket.create_connection(self.server.target)
        except OSError:
            return
        with other:
            back = threading.Thread(target=_copy, args=(other, self.request), daemon=True)
            back.start()
            _copy(self.request, other)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_BYTES):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
