"""What the guarded page still does: everything that Dagster's own does for its user."""

import json
import re
import signal
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from hospital_assets.configuration.settings import Settings
from tests.page.running import JSON, LAUNCH, RunningPage, running_page
from tests.patience import PATIENCE_SECONDS

SCRIPT = {**JSON, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
READING = "/graphql?query=%7Bversion%7D"
EVENTS = """
subscription ($run: ID!) {
  pipelineRunLogs(runId: $run) {
    ... on PipelineRunLogsSubscriptionSuccess { messages { __typename } }
  }
}
"""


def test_its_scripts_launch_a_run_and_follow_it(page: RunningPage) -> None:
    body = json.dumps({"query": LAUNCH})
    launched = page.send("POST", "/graphql", {**SCRIPT, "Origin": page.url}, body)
    result = json.loads(launched.body)["data"]["launchRun"]
    assert result["__typename"] == "LaunchRunSuccess", result
    run = result["run"]["runId"]
    assert run in page.runs()

    with page.open_websocket(page.url) as websocket:
        websocket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(websocket.recv())["type"] == "connection_ack"
        payload = {"query": EVENTS, "variables": {"run": run}}
        websocket.send(json.dumps({"type": "start", "id": "1", "payload": payload}))
        message = json.loads(websocket.recv())
    assert message["type"] == "data", message
    assert message["payload"]["data"]["pipelineRunLogs"]["messages"], message


def test_a_program_that_sends_json_needs_no_origin(page: RunningPage) -> None:
    assert page.page.ask("{ version }") == {"version": "1.13.27"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_it_goes_by_the_names_of_this_machine(host: str, page: RunningPage) -> None:
    host = f"{host}:{page.page.port}"
    headers: dict[str, str | list[str]] = {**SCRIPT, "Host": host, "Origin": f"http://{host}"}
    answer = page.send("POST", "/graphql", headers, json.dumps({"query": "{ version }"}))
    assert answer.status == 200, answer.body


def test_a_link_of_another_site_opens_it(page: RunningPage) -> None:
    answer = page.send("GET", "/assets/people", FOLLOWED)
    assert (answer.status, "<title" in answer.body) == (200, True)


def test_a_query_by_get_is_answered(page: RunningPage) -> None:
    assert json.loads(page.send("GET", READING, {}).body) == {"data": {"version": "1.13.27"}}


def test_everything_that_it_names_loads_with_its_type(page: RunningPage) -> None:
    index = page.send("GET", "/", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"})
    scripts = re.findall(r'src="(/[^"]+\.js)"', index.body)
    assert len(scripts) > 3
    for path in [*scripts, "/manifest.json", "/favicon.svg"]:
        asset = page.send("GET", path, {"Sec-Fetch-Site": "same-origin"})
        assert asset.status == 200, path
        assert asset.header("X-Content-Type-Options") == ["nosniff"]
        if path.endswith(".js"):
            assert "javascript" in asset.header("Content-Type")[0]


def test_it_keeps_dagsters_policy_and_may_not_be_framed(page: RunningPage) -> None:
    index = page.send("GET", "/", {})
    dagsters, ours = index.header("Content-Security-Policy")
    assert "script-src 'nonce-" in dagsters
    assert ours == "frame-ancestors 'self'"
    assert index.header("X-Frame-Options") == ["SAMEORIGIN"]
    assert index.header("X-Content-Type-Options") == ["nosniff"]
    assert index.header("Referrer-Policy") == ["same-origin"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_also_while_a_browser_listens(
    number: signal.Signals, postgres_settings: Settings, postgres_dsn: str, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text("load_from: []\n")
    names = "hospital.example,Page.Example"
    with running_page(
        postgres_settings,
        tmp_path / "log",
        *("--workspace", str(workspace)),
        HOSPITAL_WEB_NAMES=names,
    ) as page:
        for name in names.split(","):
            assert page.send("GET", "/server_info", {"Host": name}).status == 200
        with page.open_websocket(page.url) as websocket:
            started = time.monotonic()
            page.process.send_signal(number)
            with pytest.raises(ConnectionClosed):
                websocket.recv(timeout=PATIENCE_SECONDS)
        output, _ = page.process.communicate(timeout=PATIENCE_SECONDS)
        assert time.monotonic() - started < PATIENCE_SECONDS
    assert (page.process.returncode, output) == (0, "")
    assert (tmp_path / "log").read_text() == ""
