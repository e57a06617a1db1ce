"""A file store replaces, creates, lists and moves whole files, wherever it is, or refuses."""

import errno
import os
import resource
from pathlib import Path

import pytest

from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.file_store import FileStore, FileStoreAwayError, FileStoreError
from tests.object_store import only_known_keys

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """An empty file store of each kind."""
    if request.param == "folder":
        return file_store.at(str(tmp_path / "lake"))
    return file_store.at(f"{request.getfixturevalue('bucket')}/some/where")


def test_a_file_is_replaced_and_read(place: FileStore) -> None:
    place.replace([[("a/b/one", b"1"), ("a/c/two", b"2")], [("a/b/three", b"3")]])
    place.replace([[("a/b/one", b"new")]])

    assert [place.read(f"a/{name}") for name in ("b/one", "c/two", "b/three")] == [
        b"new",
        b"2",
        b"3",
    ]


def test_a_folder_lists_its_own_files_alone(place: FileStore) -> None:
    place.replace([[("a/one", b"1"), ("a/.hidden", b"22"), ("a/b/two", b"2"), ("ab/x", b"3")]])

    assert place.sizes("a") == {"one": 1, ".hidden": 2}
    assert place.sizes("nothing") == {}


def test_more_files_than_a_store_lists_in_one_answer_are_all_listed(bucket: str) -> None:
    place = file_store.at(bucket)
    place.replace([(f"a/{number}", b"") for number in range(start, 1100, 8)] for start in range(8))

    assert len(place.sizes("a")) == 1100


def test_nothing_is_touched_if_the_contents_can_not_be_made(place: FileStore) -> None:
    place.replace([[("a/one", b"old")]])

    with pytest.raises(InterruptedError):
        place.replace(fail_after([("a/one", b"new"), ("a/two", b"new")]))

    assert place.read("a/one") == b"old"
    assert place.sizes("a") == {"one": 3}


def test_a_new_file_never_replaces_another(place: FileStore) -> None:
    place.create("a/one", b"first")
    with pytest.raises(FileExistsError):
        place.create("a/one", b"second")

    assert place.read("a/one") == b"first"
    assert place.sizes("a") == {"one": 5}


def test_a_file_is_moved(place: FileStore) -> None:
    place.create("a/one", b"1")
    place.move("a/one", "a/.aside/one")

    assert place.read("a/.aside/one") == b"1"
    assert place.sizes("a") == {}
    with pytest.raises(FileNotFoundError):
        place.read("a/one")
    with pytest.raises(FileNotFoundError):
        place.move("a/one", "b/one")


def test_a_file_is_removed_and_what_is_beside_it_stays(place: FileStore) -> None:
    place.replace([[("a/one", b"1"), ("a/two", b"2"), ("b/c/three", b"3")]])

    for name in ("a/one", "b/c/three", "b/never"):
        place.remove(name)

    assert (place.sizes("a"), place.sizes("b/c")) == ({"two": 1}, {})


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "a//x", "", "a/."])
def test_a_name_that_leads_out_is_refused(place: FileStore, name: str) -> None:
    for attempt in (
        lambda: place.read(name),
        lambda: place.create(name, b""),
        lambda: place.replace([[(name, b"")]]),
        lambda: place.move(name, "a"),
        lambda: place.move("a", name),
        lambda: place.remove(name),
        lambda: place.sizes(name),
        lambda: place.place(name),
    ):
        with pytest.raises(FileStoreError, match="outside the lake"):
            attempt()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("gs://bucket/lake", "scheme 'gs' is unknown; expected a path or s3://bucket/prefix"),
        ("s3://", "the bucket is missing; expected s3://bucket/prefix"),
        ("s3:///lake", "the bucket is missing"),
        ("s3://bucket/../other", "expected s3://bucket/prefix"),
    ],
)
def test_a_url_that_is_no_place_is_refused(url: str, expected: str) -> None:
    with pytest.raises(FileStoreError, match=rf"^HOSPITAL_LAKE: {expected}"):
        file_store.at(url)


def refusal(place: FileStore) -> str:
    """The one line that every call is answered with."""
    attempts = (
        lambda: place.read("a/b"),
        lambda: place.sizes("a"),
        lambda: place.create("a/b", b""),
        lambda: place.replace([[("a/b", b"")]]),
        lambda: place.move("a/b", "a/c"),
    )
    messages = set()
    for attempt in attempts:
        with pytest.raises(FileStoreError) as raised:
            attempt()
        messages.add(str(raised.value))
    [message] = messages
    assert "\n" not in message
    return message


def test_a_bucket_that_is_not_there_is_named(bucket: str) -> None:
    message = refusal(file_store.at(f"{bucket}-missing/lake"))

    assert message == (f"{bucket}-missing/lake: no such bucket: make it, or correct HOSPITAL_LAKE")


def test_wrong_credentials_are_refused_and_not_shown(
    bucket: str, object_store_address: str
) -> None:
    with only_known_keys(object_store_address):
        message = refusal(file_store.at(bucket))

    assert message.startswith(f"{bucket}: access refused (InvalidAccessKeyId): correct AWS_")
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in message.split()


@pytest.mark.parametrize("address", ["store.example:9000", "ftp://store.example", "http://"])
def test_an_endpoint_that_is_no_secure_address_is_refused(
    address: str, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.delenv("AWS_ALLOW_HTTP")

    with pytest.raises(FileStoreError, match=r"^AWS_ENDPOINT_URL: .*https://"):
        file_store.at(bucket)


def test_a_store_that_does_not_answer_may_be_back_later(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOBODY)

    with pytest.raises(FileStoreAwayError, match=f"^{bucket}: no answer: ") as raised:
        file_store.at(bucket).read("a/b")
    assert "\n" not in str(raised.value)


def test_a_disk_that_takes_no_more_is_one_line_and_leaves_what_was_there(tmp_path: Path) -> None:
    place = file_store.at(str(tmp_path))
    place.replace([[("a/one", b"old")]])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(FileStoreError, match=r"^can't write .*/a/two: .*nothing was replaced"):
            place.replace([[("a/one", b"new"), ("a/two", b"x" * 8192)]])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert place.read("a/one") == b"old"
    assert list(place.sizes("a")) == ["one"]


def test_a_lake_that_can_only_be_read_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On such a disk a file that is not there can't be removed either."""
    place = file_store.at(str(tmp_path))
    place.replace([[("a/one", b"old")]])
    for name in ("open", "unlink", "replace"):
        monkeypatch.setattr(Path, name, only_reads)
    for change in (
        lambda: place.replace([[("a/one", b"new")]]),
        lambda: place.create("a/two", b"new"),
        lambda: place.move("a/one", "a/two"),
        lambda: place.remove("a/one"),
    ):
        with pytest.raises(FileStoreError, match=r"^can't \w+ .*/a/(one|two): Read-only file"):
            change()
    monkeypatch.undo()
    assert place.read("a/one") == b"old"


def only_reads(*_: object, **__: object) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def fail_after(files: list[tuple[str, bytes]]):
    yield files
    raise InterruptedError
