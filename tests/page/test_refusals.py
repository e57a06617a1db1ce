"""What a page of somebody else can have a browser send to ours, and that nothing comes of it."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from starlette.requests import HTTPConnection
from websockets.exceptions import InvalidStatus

from hospital_assets.page.rules import Refusal, check
from tests.page.running import JSON, LAUNCH, RunningPage

FORBIDDEN, UNREADABLE, MISDIRECTED, NOT_JSON = 403, 400, 421, 415

ELSEWHERE = "http://elsewhere.example"
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
OTHER_PORT = {"Sec-Fetch-Site": "same-site"}
OWN = {"Sec-Fetch-Site": "same-origin"}
FOLLOWED = {**FOREIGN, "Sec-Fetch-Mode": "navigate"}
PLAIN = {"Content-Type": "text/plain"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REBOUND = {"Host": "elsewhere.example:3000", "Origin": "http://elsewhere.example:3000", **OWN}

POST_BODY = json.dumps({"query": LAUNCH})
QUERY = urlencode({"query": LAUNCH})
READING = "query=%7Bversion%7D"
REPORT = "/report_asset_materialization/people"


@dataclass(frozen=True)
class Attack:
    """A request, and how it is refused."""

    refused: int
    method: str
    path: str
    headers: dict[str, str | list[str]] = field(default_factory=dict)
    body: str = ""


def script(refused: int, headers: dict[str, str | list[str]]) -> Attack:
    """A mutation as JSON."""
    return Attack(refused, "POST", "/graphql", {**JSON, **headers}, POST_BODY)


def form(headers: dict[str, str | list[str]], body: str = "") -> Attack:
    """A mutation in the address, where Dagster looks if the body isn't JSON."""
    return Attack(NOT_JSON, "POST", f"/graphql?{QUERY}", headers, body)


def link(query: str, headers: dict[str, str | list[str]], refused: int = FORBIDDEN) -> Attack:
    """A mutation that somebody follows."""
    return Attack(refused, "GET", f"/graphql?{query}", headers)


ATTACKS = {
    "script of another origin": script(FORBIDDEN, {"Origin": ELSEWHERE}),
    "script of a page without an origin": script(FORBIDDEN, {"Origin": "null"}),
    "script of another port": script(FORBIDDEN, {"Origin": "http://127.0.0.1:1"}),
    "script of a longer name": script(FORBIDDEN, {"Origin": "http://127.0.0.1.elsewhere.example"}),
    "script that hides its origin": script(FORBIDDEN, FOREIGN),
    "script of another port that hides its origin": script(FORBIDDEN, OTHER_PORT),
    "script with two origins": script(UNREADABLE, {"Origin": [ELSEWHERE, "http://127.0.0.1"]}),
    "navigation that posts": script(FORBIDDEN, FOLLOWED),
    "script of a rebound name": script(MISDIRECTED, REBOUND),
    "script with two hosts": script(UNREADABLE, {"Host": ["127.0.0.1", "elsewhere.example"]}),
    "script with no host": script(UNREADABLE, {"Host": ""}),
    "script with a user before the host": script(UNREADABLE, {"Host": "a.example@127.0.0.1"}),
    "form": form(FORM, QUERY),
    "form of plain text": form(PLAIN, POST_BODY),
    "form of plain text that mentions JSON": form(
        {"Content-Type": "text/plain; application/json"}, POST_BODY
    ),
    "form of parts": form({"Content-Type": "multipart/form-data; boundary=x"}),
    "body without a type": form({}, POST_BODY),
    "form of the page itself": form({**FORM, **OWN}),
    "form of another page": Attack(
        FORBIDDEN, "POST", f"/graphql?{QUERY}", {**FORM, "Origin": ELSEWHERE}
    ),
    "link": link(QUERY, FOLLOWED),
    "link that was typed": link(QUERY, {"Sec-Fetch-Site": "none"}),
    "link without a browser": link(QUERY, {}),
    "link in the page itself": link(QUERY, OWN),
    "link of a rebound name": link(QUERY, REBOUND, MISDIRECTED),
    "link to the head": Attack(FORBIDDEN, "HEAD", f"/graphql?{QUERY}"),
    "link that ends in a line break": Attack(FORBIDDEN, "GET", f"/graphql%0A?{QUERY}"),
    "link that names one of two operations": link(
        urlencode({"query": f"query Look {{ version }} {LAUNCH}", "operationName": "Launch"}), {}
    ),
    "link with a second query": link(f"{READING}&{QUERY}", {}),
    "link that can't be read": link("query=mutation%7B", {}, UNREADABLE),
    "link to a batch": link(urlencode({"query": f"[{POST_BODY}]"}), {}, UNREADABLE),
    "link too deep to read": link(f"query={'%7Ba' * 5000}", {}, UNREADABLE),
    "picture": link(READING, {**FOREIGN, "Sec-Fetch-Mode": "no-cors"}),
    "reading script": link(READING, {"Origin": ELSEWHERE}),
    "preflight": Attack(FORBIDDEN, "OPTIONS", "/graphql", {"Origin": ELSEWHERE}),
    "report": Attack(FORBIDDEN, "POST", REPORT, {**JSON, "Origin": ELSEWHERE}, "{}"),
    "report by a form": Attack(NOT_JSON, "POST", f"{REPORT}?description=x", PLAIN),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_it_is_refused_with_a_reason_and_launches_no_run(attack: Attack, page: RunningPage) -> None:
    before = page.runs()
    answer = page.send(attack.method, attack.path, attack.headers, attack.body)
    assert answer.status == attack.refused, answer.body
    assert answer.header("Access-Control-Allow-Origin") == []
    if attack.method != "HEAD":
        assert answer.refusal
    assert page.runs() == before


@pytest.mark.parametrize(
    ("origin", "host", "refused"),
    [
        (ELSEWHERE, "127.0.0.1", FORBIDDEN),
        ("null", "127.0.0.1", FORBIDDEN),
        (None, "127.0.0.1", FORBIDDEN),
        (ELSEWHERE, "elsewhere.example", MISDIRECTED),
    ],
)
def test_a_foreign_websocket_is_refused_at_its_handshake(
    origin: str | None, host: str, refused: int, page: RunningPage
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        page.open_websocket(origin, host)
    assert refusal.value.response.status_code == refused
    assert "errors" in json.loads(refusal.value.response.body or b"")


def test_a_refusal_says_what_to_do(page: RunningPage) -> None:
    unknown = page.send("GET", "/", {"Host": "hospital.example"})
    assert "'hospital.example'" in unknown.refusal
    assert "HOSPITAL_WEB_NAMES" in unknown.refusal
    text = page.send("POST", "/graphql", PLAIN, POST_BODY)
    assert "'Content-Type: application/json'" in text.refusal
    assert "by POST" in page.send("GET", f"/graphql?{QUERY}", {}).refusal


def test_the_address_through_which_a_request_came_is_the_pages_own_and_no_other() -> None:
    def connection(through: str) -> HTTPConnection:
        return HTTPConnection(
            {
                "type": "http",
                "method": "GET",
                "path": "/",
                "headers": [(b"host", b"192.0.2.7:3000")],
                "server": (through, 3000),
            }
        )

    check(connection("192.0.2.7"), names=())
    with pytest.raises(Refusal) as refusal:
        check(connection("192.0.2.8"), names=())
    assert refusal.value.status == MISDIRECTED
