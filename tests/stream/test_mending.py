"""What somebody changes of what was landed is named, and mended from what is left."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import LiteralString

import polars as pl
import pytest

from hospital_assets.calendar.period import Period
from hospital_assets.resources.stream.comparison import Damage
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.files import StreamFolder, digest
from tests.stream.sites import STREAM_TYPES, Site

pytestmark = STREAM_TYPES
WEEK = Period(date(2021, 3, 1), date(2021, 3, 7))


@pytest.fixture
def landed(site: Site, week: pl.DataFrame) -> Site:
    """A site that has landed a week."""
    site.publish(week)
    site.stream.land()
    return site


def damages(site: Site, days: Period = WEEK) -> list[Damage]:
    return site.stream.damages(days)


def change(site: Site, event_id: str) -> None:
    site.execute(
        f"UPDATE hospital.{site.kind.name} SET bed = 'XX-1'"  # noqa: S608
        f" WHERE {site.kind.id_column} = %s",
        event_id,
    )


def delete(site: Site, event_id: str) -> None:
    site.execute(
        f"DELETE FROM hospital.{site.kind.name} WHERE {site.kind.id_column} = %s",  # noqa: S608
        event_id,
    )


def insert(site: Site, event_id: str) -> None:
    columns = ", ".join(site.kind.record.schema.column_names())
    chosen = columns.replace(site.kind.id_column, "%s")
    site.execute(
        f"INSERT INTO hospital.{site.kind.name} ({columns}) SELECT {chosen}"  # noqa: S608
        f" FROM hospital.{site.kind.name} WHERE {site.kind.id_column} = %s",
        event_id.replace(event_id[0], "0" if event_id[0] != "0" else "1", 1),
        event_id,
    )


def test_what_was_landed_is_no_damage(landed: Site) -> None:
    assert damages(landed) == []


@pytest.mark.parametrize(
    ("act", "problem"),
    [(change, "not the event that was landed"), (delete, "is gone"), (insert, "no landed event")],
)
def test_a_row_that_somebody_changed_is_named_and_mended(
    landed: Site, week: pl.DataFrame, act: Callable[[Site, str], None], problem: str
) -> None:
    row = week.row(len(week) // 2, named=True)
    act(landed, row[landed.kind.id_column])

    [found] = damages(landed)
    assert (found.day, found.place) == (row[landed.kind.record.partition_column], "database")
    assert problem in found.problem

    report = landed.stream.land(thoroughly=True)
    assert report.restored + report.removed == 1
    assert damages(landed) == []
    landed.check(week)


def test_a_row_that_is_gone_comes_back_with_the_next_landing(
    landed: Site, week: pl.DataFrame
) -> None:
    delete(landed, week[landed.kind.id_column][0])
    assert landed.stream.incomplete() == {week.select(landed.kind.slot_columns).row(0)}

    assert landed.stream.land().restored == 1
    assert landed.stream.incomplete() == set()
    landed.check(week)


def some_file(site: Site) -> Path:
    return min(site.folder.glob("*.jsonl"))


def test_a_file_that_somebody_edited_is_named_and_written_again(
    landed: Site, week: pl.DataFrame
) -> None:
    file = some_file(landed)
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"slot":', b'"slut":', 1))

    [found] = damages(landed)
    assert found.place == "lake"
    assert str(file) in found.problem

    assert landed.stream.land(thoroughly=True).rebuilt == 1
    assert file.read_bytes() == content
    landed.check(week)


def test_an_event_that_an_earlier_version_took_with_a_zone_is_set_aside(landed: Site) -> None:
    """It has the zone in the file, and a time without one in the table."""
    file = some_file(landed)
    time = f'("{landed.kind.time_column}":"[^"]+)'.encode()
    content = re.sub(time, rb"\1-05:00", file.read_bytes(), count=1)
    file.write_bytes(content)
    landed.execute(
        "UPDATE hospital.stream_files SET bytes = %s, sha256 = %s WHERE path LIKE %s",
        len(content), digest(content), f"%{file.name}",
    )  # fmt: skip

    [found] = damages(landed)
    assert f"is no event: {landed.kind.time_column}: " in found.problem
    assert found.no_event is not None
    # Nothing that is landed makes it one.
    assert landed.stream.land(thoroughly=True).restored == 0
    landed.stream.set_aside(found.no_event.partition, found.no_event.offset)
    assert damages(landed) == []
    assert landed.stream.dead_letter_counts() == {"set_aside": 1}


@pytest.mark.parametrize("left", ["rows", "log"])
def test_a_file_comes_back_from_whatever_is_left(
    landed: Site, week: pl.DataFrame, left: str
) -> None:
    file = some_file(landed)
    content = file.read_bytes()
    file.unlink()
    if left == "log":
        for event_id in week[landed.kind.id_column]:
            change(landed, event_id)
    else:
        admin = landed.clients.admin()
        admin.delete_topics([landed.topic])
        admin.close()
        apart = f"{landed.topic}.apart"
        for table in ("stream_offsets", "stream_files"):
            landed.execute(f"UPDATE hospital.{table} SET topic = %s", apart)  # noqa: S608
        landed.execute("UPDATE hospital.stream_files SET path = replace(path, %s, %s)",
                       landed.topic, apart)  # fmt: skip
        for one in landed.folder.glob("*.jsonl"):
            one.rename(one.with_name(one.name.replace(landed.topic, apart)))
        file = file.with_name(file.name.replace(landed.topic, apart))

    landed.stream.land(thoroughly=True)
    assert file.read_bytes() == content
    wanted = landed.kind.record.schema.cast(week).sort(landed.kind.id_column)
    assert landed.table().equals(wanted)


def test_days_that_are_not_asked_for_are_not_looked_at(landed: Site, week: pl.DataFrame) -> None:
    delete(landed, week[landed.kind.id_column][0])
    assert len(damages(landed, Period(WEEK.first_day, WEEK.first_day))) == 1
    assert damages(landed, Period(date(2021, 3, 2), WEEK.last_day)) == []


def test_an_event_that_is_set_aside_is_in_no_row_and_no_file(
    landed: Site, week: pl.DataFrame
) -> None:
    event_id = week[landed.kind.id_column][3]
    place = landed.stream.places([event_id])[event_id]
    before = landed.stream.dead_letter_counts()

    assert landed.stream.set_aside(place.partition, place.offset) == place

    assert (before, landed.stream.dead_letter_counts()) == ({}, {"set_aside": 1})
    [letter] = landed.letters()
    message = next(m for m in landed.published()
                   if (m.partition, m.offset) == (place.partition, place.offset))  # fmt: skip
    assert (letter.key, letter.value, letter.headers) == (
        message.key,
        message.value,
        list(message.headers),
    )
    left = week.filter(pl.col(landed.kind.id_column) != event_id)
    landed.check(left)
    assert landed.stream.land(thoroughly=True).rebuilt == 0
    landed.check(left)
    assert len(landed.mirrored()) == 1

    # Who wants it after all has it back, or leaves it to the next run, as it is one of ours.
    landed.stream.replay([letter])
    assert landed.stream.land().rows == 1
    landed.check(week)
    [place] = landed.stream.places([event_id]).values()
    landed.stream.set_aside(place.partition, place.offset)
    slots = landed.slots(week)
    [again] = landed.stream.unpublished(slots)
    assert again == week.select(landed.kind.slot_columns).row(3)
    landed.stream.publish([again], week)
    assert landed.stream.land().rows == 1
    landed.check(week)


def test_a_file_whose_only_event_is_set_aside_is_put_aside(site: Site, week: pl.DataFrame) -> None:
    [message] = site.form.messages(week.head(1))
    site.produce((message.key, message.value))
    site.stream.land()
    [place] = site.stream.places([week[site.kind.id_column][0]]).values()

    site.stream.set_aside(place.partition, place.offset)

    assert list(site.folder.glob("*.jsonl")) == []
    assert damages(site) == []
    site.check(week.head(0))
    with pytest.raises(StreamError, match="is no landed event"):
        site.stream.set_aside(place.partition, place.offset)


def test_a_setting_aside_that_is_cut_short_changes_nothing(
    landed: Site, week: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = week[landed.kind.id_column][3]
    place = landed.stream.places([event_id])[event_id]
    replace = StreamFolder.replace

    def die(folder: StreamFolder, name: str, content: bytes) -> None:
        replace(folder, name, content)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(StreamFolder, "replace", die)
    with pytest.raises(StreamError, match="can't set the event aside: "):
        landed.stream.set_aside(place.partition, place.offset)
    assert landed.letters() == []
    landed.stream.land()
    landed.check(week)


def test_what_was_set_aside_stays_so_when_the_stream_is_started_over(
    site: Site, week: pl.DataFrame
) -> None:
    kind = site.kind
    foreign, ours = week.tail(1), week.filter(pl.col(kind.id_column) != week[kind.id_column][-1])
    site.publish(ours)
    [message] = site.form.messages(foreign)
    for _ in range(2):
        site.produce((message.key, message.value))
    site.stream.land()
    [place] = site.stream.places(foreign[kind.id_column].to_list()).values()
    site.stream.set_aside(place.partition, place.offset)

    for _ in range(2):
        site.stream.start_over()
        site.publish(ours)
        site.stream.land()
        site.check(ours)
        assert site.stream.dead_letter_counts() == {"set_aside": 2}
    first, second = site.letters()
    assert first.event_id == second.event_id == place.event_id

    # Whoever sends it again means it, and a replay forgets that it was set aside.
    site.produce((message.key, message.value))
    assert site.stream.land().rows == 1
    site.check(week)
    [place] = site.stream.places([place.event_id]).values()
    site.stream.set_aside(place.partition, place.offset)
    site.check(ours)
    site.stream.replay([first])
    assert site.stream.land().rows == 1
    site.stream.start_over()
    site.publish(ours)
    site.stream.land()
    site.check(week)
    assert site.stream.dead_letter_counts() == {}


@pytest.mark.parametrize("gone", ["", "offsets", "file", "offsets and file"])
def test_files_of_an_earlier_version_get_the_ids_of_their_events(
    site: Site, week: pl.DataFrame, gone: str
) -> None:
    site.publish(week)
    site.produce(*((one.key, one.value) for one in site.form.messages(week.head(20))))
    site.produce((None, b"{broken"), partition=0)
    site.stream.land()
    changed = week.head(1).with_columns(bed=pl.lit("XX-1"))
    site.produce(*((one.key, one.value) for one in site.form.messages(changed)))
    site.stream.land()
    query: LiteralString = (
        "SELECT offsets, event_ids FROM hospital.stream_files ORDER BY partition, first_offset"
    )
    before = site.query(query)
    site.execute("UPDATE hospital.stream_files SET event_ids = '{}'")
    if "offsets" in gone:
        site.execute("UPDATE hospital.stream_files SET offsets = '{}'")
    if "file" in gone:
        for file in site.folder.glob("*.jsonl"):
            file.unlink()

    report = site.stream.land(thoroughly=True)

    assert (report.restored, report.removed) == (0, 0)
    assert site.query(query) == before
    assert damages(site) == []
    site.check(week)


def test_a_file_whose_events_nothing_tells_is_refused(landed: Site, week: pl.DataFrame) -> None:
    landed.execute("UPDATE hospital.stream_files SET event_ids = '{}', sha256 = 'other'")
    with pytest.raises(StreamError, match=r"is gone or damaged, .*`hospital stream start-over`"):
        landed.stream.land()
    landed.stream.start_over()
    landed.publish(week)
    landed.stream.land()
    landed.check(week)
