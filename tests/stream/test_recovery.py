"""What is refused, and what mends itself."""

from pathlib import Path

import polars as pl
import pytest
from kafka import TopicPartition

from hospital_assets.resources.lake.file_store.errors import FileStoreError
from hospital_assets.resources.stream.errors import OtherLogError, StreamError
from hospital_assets.resources.stream.files import ASIDE
from tests.stream.sites import STREAM_TYPES, Site

pytestmark = STREAM_TYPES


@pytest.fixture
def landed(site: Site, week: pl.DataFrame) -> Site:
    """A site that has landed a week."""
    site.publish(week)
    site.stream.land()
    return site


def state(site: Site) -> tuple[object, ...]:
    """All that a refusal must leave as it is."""
    return (
        site.query("SELECT * FROM hospital.stream_offsets ORDER BY partition"),
        site.query("SELECT * FROM hospital.stream_files ORDER BY partition, first_offset"),
        site.table().rows(),
        sorted(file.name for file in site.folder.rglob("*.jsonl*")),
    )


def test_a_topic_that_was_made_anew_is_refused(landed: Site, week: pl.DataFrame) -> None:
    before = state(landed)
    landed.delete_topic()
    landed.publish(week)

    for action in (landed.stream.land, landed.stream.lag):
        with pytest.raises(
            OtherLogError, match=r"topic was made anew .* nothing was changed; bring"
        ):
            action()
    assert state(landed) == before

    landed.stream.start_over()
    landed.publish(week)
    landed.stream.land()
    landed.check(week)


@pytest.mark.parametrize("shift", [1, -1])
def test_an_offset_outside_the_log_is_refused(landed: Site, shift: int) -> None:
    if shift < 0:
        stored = dict(landed.query("SELECT partition, next_offset FROM hospital.stream_offsets"))
        client = landed.clients.admin()
        client.delete_records(
            {TopicPartition(landed.topic, part): following for part, following in stored.items()}
        )
        client.close()
    landed.execute("UPDATE hospital.stream_offsets SET next_offset = next_offset + %s", shift)
    before = state(landed)

    with pytest.raises(StreamError, match=r"the next offset is .*, but the log holds") as raised:
        landed.stream.land()
    assert "\n" not in str(raised.value)
    assert state(landed) == before


def test_a_lost_or_damaged_file_is_written_again_byte_for_byte(
    landed: Site, week: pl.DataFrame
) -> None:
    landed.publish(week)  # duplicates, which the files leave out
    landed.stream.land()
    contents = {file: file.read_bytes() for file in sorted(landed.folder.glob("*.jsonl"))}
    first, second, *_ = contents
    first.unlink()
    second.write_bytes(second.read_bytes()[:-1])

    assert landed.stream.land().rebuilt == 2
    assert {file: file.read_bytes() for file in contents} == contents

    first.write_bytes(contents[first].replace(b"1", b"2"))
    assert landed.stream.land().rebuilt == 0
    assert landed.stream.land(thoroughly=True).rebuilt == 1
    assert first.read_bytes() == contents[first]
    landed.check(week)


def test_a_file_that_the_log_can_not_give_back_is_not_invented(landed: Site) -> None:
    stored = dict(landed.query("SELECT partition, next_offset FROM hospital.stream_offsets"))
    for file in landed.folder.glob("*.jsonl"):
        file.unlink()
    landed.execute(f"UPDATE hospital.{landed.kind.name} SET bed = 'XX-1'")  # noqa: S608
    client = landed.clients.admin()
    client.delete_records(
        {TopicPartition(landed.topic, part): following for part, following in stored.items()}
    )
    client.close()
    before = state(landed)

    with pytest.raises(StreamError, match="the log doesn't hold offset 0 any more"):
        landed.stream.land()
    assert state(landed) == before


def test_files_that_nobody_vouches_for_are_put_aside(landed: Site, week: pl.DataFrame) -> None:
    [some, *_] = landed.folder.glob("*.jsonl")
    stray = landed.folder / f"{landed.topic}-0000-{900:020}-{905:020}.jsonl"
    stray.write_bytes(some.read_bytes())
    (landed.folder / f".{stray.name}.abc.tmp").write_bytes(b"half a li")
    others = landed.folder / "readme.txt"
    others.write_text("not ours")

    landed.stream.land()

    assert not stray.exists()
    assert others.exists()
    assert len(list((landed.folder / ASIDE).iterdir())) == 2
    landed.check(week)


def test_a_full_disk_is_one_clear_line(
    site: Site, week: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.publish(week)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("hospital_assets.resources.lake.file_store.folder.os.link", full)
        with pytest.raises(FileStoreError, match=r"can't write .*No space left"):
            site.stream.land()
    assert site.table().is_empty()
    assert list(Path(site.folder).glob(".*.tmp")) == []
    site.stream.land()
    site.check(week)
