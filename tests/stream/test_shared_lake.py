"""Landing in an object store: the files of a folder, each created once and mended if need be."""

from dataclasses import replace

import polars as pl
import pytest

from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.file_store import FileStore
from hospital_assets.resources.stream import connections
from hospital_assets.resources.stream.errors import StreamError, UnavailableError
from hospital_assets.resources.stream.files import ASIDE, StreamFolder, digest
from tests.stream.sites import STREAM_TYPES, Site

pytestmark = STREAM_TYPES


@pytest.fixture
def shared(site: Site, bucket: str) -> Site:
    """A site whose lake is in a bucket."""
    return Site(replace(site.stream, root=f"{bucket}/lake"))


def contents(place: FileStore, folder: str) -> dict[str, bytes]:
    return {name: place.read(f"{folder}/{name}") for name in sorted(place.sizes(folder))}


def folder_of(site: Site) -> StreamFolder:
    return StreamFolder(file_store.at(site.stream.root), site.kind.name)


def recorded(site: Site) -> dict[str, str]:
    """Name and SHA-256 of each file, as the database has them."""
    return dict(
        site.query(
            "SELECT regexp_replace(path, '^.*/', ''), sha256 FROM hospital.stream_files"
            " WHERE path IS NOT NULL"
        )
    )


def hashes(found: dict[str, bytes]) -> dict[str, str]:
    return {name: digest(content) for name, content in found.items()}


def test_what_is_landed_lies_in_the_bucket_as_in_a_folder(
    site: Site, shared: Site, week: pl.DataFrame
) -> None:
    shared.publish(week)
    assert shared.stream.land().rows == len(week)
    found = contents(file_store.at(shared.stream.root), folder_of(shared).path)

    assert hashes(found) == recorded(shared)
    wanted = shared.kind.record.schema.cast(week).sort(shared.kind.id_column)
    assert shared.table().equals(wanted)

    site.stream.start_over()
    site.stream.land()
    assert contents(file_store.at(site.stream.root), folder_of(site).path) == found


def test_a_name_that_is_taken_is_left_to_whoever_has_it(shared: Site, week: pl.DataFrame) -> None:
    shared.publish(week)
    shared.stream.land()
    place, folder = file_store.at(shared.stream.root), folder_of(shared).path
    before = contents(place, folder)

    for name in before:
        with pytest.raises(UnavailableError, match=f"^{name}: another consumer is at work$"):
            folder_of(shared).write(name, [b"{}"])
    assert contents(place, folder) == before


def test_a_lost_object_is_written_again_and_a_stray_one_put_aside(
    shared: Site, week: pl.DataFrame
) -> None:
    shared.publish(week)
    shared.stream.land()
    place, folder = file_store.at(shared.stream.root), folder_of(shared).path
    before = contents(place, folder)
    lost, damaged, *_ = before
    place.move(f"{folder}/{lost}", "elsewhere")
    place.replace([[(f"{folder}/{damaged}", before[damaged].replace(b"1", b"2"))]])
    stray = f"{shared.topic}-0000-{900:020}-{905:020}.jsonl"
    place.create(f"{folder}/{stray}", before[lost])

    assert shared.stream.land(thoroughly=True).rebuilt == 2
    assert contents(place, folder) == before
    assert len(place.sizes(f"{folder}/{ASIDE}")) == 2


def test_start_over_puts_every_object_aside(shared: Site, week: pl.DataFrame) -> None:
    shared.publish(week)
    shared.stream.land()
    place, folder = file_store.at(shared.stream.root), folder_of(shared).path
    count = len(contents(place, folder))
    shared.stream.start_over()

    assert contents(place, folder) == {}
    assert len(place.sizes(f"{folder}/{ASIDE}")) == count > 0


def test_a_store_that_stays_away_is_one_clear_line_and_loses_nothing(
    shared: Site, bucket: str, week: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.publish(week)
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        patch.setattr(connections, "PERSIST_SECONDS", 0)
        away = replace(shared.stream, root=f"{bucket}/away")
        with pytest.raises(StreamError, match=r"land the \w+: .*no answer.*; gave up") as one:
            away.land()
    assert "\n" not in str(one.value)
    assert shared.table().is_empty()

    assert shared.stream.land().rows == len(week)
