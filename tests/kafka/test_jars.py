"""The jars: fetched once, compared always."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hospital_assets.services.kafka.broker import JARS
from hospital_assets.services.kafka.errors import JarError
from hospital_assets.services.kafka.jars import fetch_jars, jar_cache, read_jars
from hospital_assets.state.folder import StateFolder

CONTENT = b"what the project expects"


class Repository:
    """Stands for Maven Central: counts the downloads and serves any bytes."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.downloads = 0

    def open(self, repo_cache: Path) -> Any:
        """Return what jgo makes of its local folder."""

        def artifact() -> Any:
            file = repo_cache / "broker-1.0.jar"
            return SimpleNamespace(cached_path=file, resolve=lambda: self._serve(file))

        component = SimpleNamespace(artifact=artifact)
        project = SimpleNamespace(at_version=lambda version: component)
        return SimpleNamespace(project=lambda group, artifact: project)

    def _serve(self, file: Path) -> Path:
        self.downloads += 1
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(self.content)
        return file


def unreachable(repo_cache: Path) -> Any:
    raise AssertionError("the network was used")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache."""
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    """A list of one jar."""
    return write_list(tmp_path, sha256=hashlib.sha256(CONTENT).hexdigest())


def write_list(folder: Path, **sums: str) -> Path:
    file = folder / "jars.json"
    entry = {"group": "org.example", "artifact": "broker", "version": "1.0", **sums}
    file.write_text(json.dumps([entry]))
    return file


def serve(monkeypatch: pytest.MonkeyPatch, repository: Any) -> None:
    monkeypatch.setattr("jgo.maven.MavenContext", repository)


def test_it_fetches_once_for_all_who_ask(
    listing: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(CONTENT)
    serve(monkeypatch, repository.open)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(fetch_jars, [listing] * 4, [cache] * 4))
    assert answers == [[cache / "broker-1.0.jar"]] * 4
    assert repository.downloads == 1
    serve(monkeypatch, unreachable)
    assert fetch_jars(listing, cache) == answers[0]


def test_a_download_with_another_sum_never_gets_its_name(
    listing: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(monkeypatch, Repository(CONTENT[:-1]).open)
    with pytest.raises(JarError, match=r"broker-1\.0\.jar: expected SHA-256 .*, found ") as refusal:
        fetch_jars(listing, cache)
    assert "\n" not in str(refusal.value)
    assert not (cache / "broker-1.0.jar").exists()
    serve(monkeypatch, Repository(CONTENT).open)
    assert fetch_jars(listing, cache)


def test_a_jar_that_was_changed_in_the_cache_is_refused(listing: Path, cache: Path) -> None:
    (cache / "broker-1.0.jar").write_bytes(b"something else")
    with pytest.raises(JarError, match=r"broker-1\.0\.jar: expected .* remove the file"):
        fetch_jars(listing, cache)


@pytest.mark.parametrize("sums", [{}, {"sha256": ""}, {"sha256": "abc"}])
def test_a_list_without_a_sum_is_refused(tmp_path: Path, cache: Path, sums: dict[str, str]) -> None:
    with pytest.raises(JarError, match=r"jars\.json: .*ONLY=kafka_jars") as refusal:
        fetch_jars(write_list(tmp_path, **sums), cache)
    assert "\n" not in str(refusal.value)


def test_without_a_network_the_first_start_says_so(
    listing: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(CONTENT)
    monkeypatch.setattr(repository, "_serve", fail_to_connect)
    serve(monkeypatch, repository.open)
    with pytest.raises(JarError, match=r"can't be fetched .*no route.* needs the network"):
        fetch_jars(listing, cache)


def fail_to_connect(file: Path) -> Path:
    raise ConnectionError("no route to host")


def test_every_jar_of_the_project_has_a_sum() -> None:
    jars = read_jars(JARS)
    assert len(jars) == 45
    kafka = {jar.version for jar in jars if jar.group == "org.apache.kafka"}
    assert kafka == {"4.4.0"}


@pytest.mark.parametrize("home", ["", "/dev/null"])
def test_without_a_usable_home_the_cache_lies_in_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert jar_cache(StateFolder(tmp_path / "state")) == tmp_path / "state" / "jars"


def test_checkouts_share_the_cache_of_their_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folders = {jar_cache(StateFolder(tmp_path / name)) for name in ("one", "two")}
    assert folders == {tmp_path / "cache" / "hospital-assets" / "jars"}
