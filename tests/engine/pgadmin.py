"""What a person does in pgAdmin, through the requests that its page sends."""

import json
import re
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.patience import PATIENCE_SECONDS

_TOKEN = re.compile(r"""csrf(?:Token|_token)["']\]?\s*[:=]\s*["']([^"']+)""")


class PgAdmin:
    """Somebody who has logged in at `url`."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self._url = url
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self._token = self._find_token("/login")
        form = {"email": email, "password": password, "internal_button": "Login"}
        self._send("/authenticate/login", form | {"csrf_token": self._token})
        if self._place.endswith("/login"):
            raise PermissionError(f"{url}: {email} is not let in")
        self._token = self._find_token("/browser/js/utils.js")

    def nodes(self, kind: str, *place: int) -> list[dict[str, Any]]:
        """Return what the tree shows of one kind below a place: groups, servers, ... tables."""
        path = "/".join(["/browser", kind, "nodes", *map(str, place), ""])
        answer = json.loads(self._send(path))
        # Servers come under the other of the two names.
        nodes: list[dict[str, Any]] = answer["data"] or answer["result"]
        return nodes

    def find(self, kind: str, label: str, *place: int) -> int:
        """Return the number of the node with a label; raises LookupError if there is none."""
        for node in self.nodes(kind, *place):
            if node["label"] == label:
                return int(node["_id"])
        raise LookupError(f"{self._url}: no {kind} {label} at {place}")

    def connect(self, group: int, server: int) -> None:
        """Open the connection to a server, with the password that pgAdmin was given for it."""
        self._send(f"/browser/server/connect/{group}/{server}", {})

    def _send(self, path: str, form: dict[str, str] | None = None) -> str:
        body = None if form is None else urlencode(form).encode()
        headers = {"X-pgA-CSRFToken": self._token, "Referer": self._url}
        with self._open(
            Request(self._url + path, body, headers), timeout=PATIENCE_SECONDS
        ) as answer:
            self._place = answer.url
            text: str = answer.read().decode()
            return text

    def _find_token(self, path: str) -> str:
        self._token = ""
        found = _TOKEN.search(self._send(path))
        if found is None:
            raise LookupError(f"{self._url}{path} has no token")
        return found[1]
