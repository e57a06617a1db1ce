"""The guard: an ASGI application that answers for another one what the rules refuse."""

import logging
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hospital_assets.page.rules import Refusal, check

LOOPBACK_NAMES = frozenset({"127.0.0.1", "::1", "localhost"})

_log = logging.getLogger(__name__)


class Guard:
    """Passes to `app` the requests that the page called by one of `names` may answer.

    A refusal has the form of GraphQL's errors, which the page and every client know how to show.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = LOOPBACK_NAMES | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or WebSocket."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message))
            await send(message)

        answer = self._app
        try:
            check(HTTPConnection(scope), self._names)
        except Refusal as refusal:
            method = scope.get("method", "WebSocket")
            _log.warning("refused %s %r: %s", method, scope["path"], refusal)
            answer = JSONResponse({"errors": [{"message": str(refusal)}]}, refusal.status)
        await answer(scope, receive, send_guarded)


def _add_headers(headers: MutableHeaders) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Referrer-Policy"] = "same-origin"
    # A second policy beside Dagster's own: both hold.
    headers.append("Content-Security-Policy", "frame-ancestors 'self'")
