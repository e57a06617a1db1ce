"""An S3-compatible object store on loopback, in a thread of the tests' process."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from urllib.request import Request, urlopen

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.patience import PATIENCE_SECONDS


class Quiet(MotoRequestHandler):
    """Prints no line a request."""

    def log_request(self, *_: object) -> None:
        """Do nothing."""


@contextmanager
def object_store() -> Iterator[str]:
    """Serve an empty object store, and give its address."""
    application = DomainDispatcherApplication(create_backend_app)
    # It is bound from here on: a request that comes before the thread runs waits for it.
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def only_known_keys(address: str) -> Iterator[None]:
    """Let the store refuse every request that isn't signed with a key of its own."""
    _post(f"{address}/moto-api/reset-auth", b"0")
    try:
        yield
    finally:
        _post(f"{address}/moto-api/reset-auth", b"inf")


def make_bucket(address: str, name: str) -> None:
    """Make a bucket."""
    urlopen(Request(f"{address}/{name}", method="PUT"), timeout=PATIENCE_SECONDS).close()


def _post(url: str, data: bytes) -> None:
    headers = {"Content-Type": "text/plain"}
    urlopen(Request(url, data, headers, method="POST"), timeout=PATIENCE_SECONDS).close()
