"""What the page answers, and to whom; pure functions of a request's head."""

import re
from collections.abc import Collection

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from starlette.requests import HTTPConnection

from hospital_assets.errors import HospitalError

_READING_METHODS = {"GET", "HEAD"}
_OWN_SITES = {"same-origin", "none"}  # "none": typed, bookmarked
_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::[0-9]+)?")
_SHOWN_CHARACTERS = 100


class Refusal(HospitalError):
    """The page doesn't answer this request; the message says why and what to do."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check(connection: HTTPConnection, names: Collection[str]) -> None:
    """Raise Refusal unless the page called by one of `names` may answer the request.

    - It was sent to the page by its own name. A foreign name that leads here is DNS rebinding.
    - No other site's page sent it, except by a link that somebody follows.
    - A change comes as JSON by POST: no page can send that elsewhere without asking first, so a
      program that says nothing of its origin, such as curl, is none.
    - A WebSocket, which needs no such asking, names the page as its origin.
    """
    host = _check_host(connection, names)
    _check_origin(connection, host)
    if connection.scope["type"] == "websocket":
        return
    if connection.scope["method"] in _READING_METHODS:
        _check_query(connection)
    else:
        _check_content_type(connection)


def _check_host(connection: HTTPConnection, names: Collection[str]) -> str:
    host = (_only(connection, "host") or "").lower()
    match = _HOST.fullmatch(host)
    if match is None:
        raise Refusal(400, f"The Host header {_shown(host)} is no host; send the page's own.")
    # The address through which it came is the page's own too, on whatever network that is.
    address, _ = connection.scope.get("server") or ("", None)
    name = match["v6"] or match["name"]
    if name not in names and name != address:
        raise Refusal(
            421,
            f"This page is not called {_shown(name)}. Open it as http://127.0.0.1 with its port,"
            " or if the name is right, add it to HOSPITAL_WEB_NAMES and start the page again.",
        )
    return host


def _check_origin(connection: HTTPConnection, host: str) -> None:
    origin = _only(connection, "origin")
    if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
        raise Refusal(
            403,
            f"The request comes from {_shown(origin)}, which is not this page, {_shown(host)}."
            " Use the page itself; a proxy in front of it must pass the Host header on.",
        )
    if connection.scope["type"] == "websocket":
        if origin is None:
            raise Refusal(403, f"A WebSocket needs the header 'Origin: http://{host}'.")
        return
    site = _only(connection, "sec-fetch-site")
    if site is None or site in _OWN_SITES:
        return
    follows_link = _only(connection, "sec-fetch-mode") == "navigate"
    if not (follows_link and connection.scope["method"] in _READING_METHODS):
        raise Refusal(403, "The request comes from another site's page. Use this page itself.")


def _check_content_type(connection: HTTPConnection) -> None:
    # Not "contains": a form may send `text/plain; application/json`, and Dagster would read it.
    content_type = (_only(connection, "content-type") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise Refusal(415, "Send JSON, with the header 'Content-Type: application/json'.")


def _check_query(connection: HTTPConnection) -> None:
    # Not "is": Dagster's router answers `/graphql` with a line break at its end as well.
    if "/graphql" not in connection.scope["path"]:
        return
    for document in connection.query_params.getlist("query"):
        try:
            definitions = parse(document, no_location=True).definitions
        except GraphQLError as error:
            raise Refusal(400, "The query can't be read as GraphQL; correct it.") from error
        # Whichever operation the request selects; a document for GET has no use for others.
        if any(
            definition.operation is not OperationType.QUERY
            for definition in definitions
            if isinstance(definition, OperationDefinitionNode)
        ):
            raise Refusal(403, "A link changes nothing. Send the mutation as JSON by POST.")


def _only(connection: HTTPConnection, header: str) -> str | None:
    values = connection.headers.getlist(header)
    if len(values) > 1:
        raise Refusal(400, f"The request has the header {header} {len(values)} times; send one.")
    return values[0] if values else None


def _shown(value: str) -> str:
    return repr(value[:_SHOWN_CHARACTERS])
