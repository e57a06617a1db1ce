"""The lake: a day is whole or absent, has the same bytes each time, and is checked on reading."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hospital_assets.contracts import PATIENTS, PEOPLE, RECORD_TYPES, RecordType
from hospital_assets.resources.lake import Lake, LakeError
from tests.resources.frames import MARCH_1, days, frame

MARCH_2 = date(2021, 3, 2)


def every_file(lake: Lake) -> dict[str, bytes]:
    root = Path(lake.root)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("record", RECORD_TYPES, ids=lambda record: record.name)
def test_what_is_written_is_read_back(lake: Lake, record: RecordType) -> None:
    rows = frame(record, days(3))
    lake.write(record, rows, "f")

    assert_frame_equal(lake.read(record, days(3)), rows)
    assert lake.days(record) == days(3)


def test_files_lie_where_the_layout_says(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")

    assert list(every_file(lake)) == [
        "batch/patients/csv/patients-2021-03-01.csv",
        "batch/patients/manifest/patients-2021-03-01.json",
        "batch/patients/parquet/patients-2021-03-01.parquet",
    ]


def test_a_day_has_the_same_bytes_alone_in_a_range_in_any_row_order_and_again(
    tmp_path: Path,
) -> None:
    alone, together, shuffled = (Lake(root=str(tmp_path / name)) for name in "abc")
    for day in days(3):
        alone.write(PATIENTS, frame(PATIENTS, [day]), "f")
    whole = frame(PATIENTS, days(3))
    together.write(PATIENTS, whole, "f")
    together.write(PATIENTS, whole, "f")
    shuffled.write(PATIENTS, whole.sample(fraction=1, shuffle=True, seed=1), "f")

    assert every_file(alone) == every_file(together) == every_file(shuffled)


def test_the_manifest_describes_the_files(lake: Lake) -> None:
    [written] = lake.write(PATIENTS, frame(PATIENTS, days(1)), "seed 1")
    found = lake.manifest(PATIENTS, MARCH_1)

    assert found == written
    assert (written.record, written.day, written.fingerprint) == ("patients", MARCH_1, "seed 1")
    for file in (written.csv, written.parquet):
        assert (Path(lake.root) / file.path).stat().st_size == file.bytes
        assert file.rows == 20


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_folder_is_one_table_to_duckdb_and_polars(lake: Lake, form: str) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(3)), "f")
    pattern = f"{lake.root}/batch/patients/{form}/*.{form}"

    patients = duckdb.read_csv(pattern) if form == "csv" else duckdb.read_parquet(pattern)
    counted = patients.aggregate("census_date, count(*), max(admitted_at)::text").order("1")
    scan = pl.scan_csv(pattern, try_parse_dates=True) if form == "csv" else pl.scan_parquet(pattern)

    assert counted.fetchall() == [(day, 20, f"{day} 00:20:00") for day in days(3)]
    assert scan.select("census_date").collect().to_series().unique().sort().to_list() == days(3)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_flipped_byte_is_noticed(lake: Lake, form: Literal["csv", "parquet"]) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    path = lake.path(PATIENTS, form, MARCH_1)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(
        LakeError, match="is not what its manifest says: materialize patients for 2021-03-01 again"
    ):
        lake.csv(PATIENTS, MARCH_1) if form == "csv" else lake.read(PATIENTS, [MARCH_1])


def test_a_file_that_is_gone_is_noticed(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    lake.csv(PATIENTS, MARCH_1).unlink()

    with pytest.raises(LakeError, match="is gone, but its manifest is there: materialize patients"):
        lake.csv(PATIENTS, MARCH_1)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"record": "patients"}'])
def test_a_manifest_that_is_none_is_refused(lake: Lake, content: str) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    lake.path(PATIENTS, "manifest", MARCH_1).write_text(content)

    with pytest.raises(LakeError, match="is not a manifest: materialize patients for 2021-03-01"):
        lake.read(PATIENTS, [MARCH_1])


def test_a_manifest_of_another_day_is_refused(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    path = lake.path(PATIENTS, "manifest", MARCH_1)
    path.write_text(path.read_text().replace("2021-03-01", "2021-03-02"))

    with pytest.raises(LakeError, match="is the manifest of patients 2021-03-02"):
        lake.manifest(PATIENTS, MARCH_1)


def test_a_missing_day_is_named_with_what_to_do(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")

    with pytest.raises(LakeError) as one:
        lake.read(PATIENTS, days(2))
    with pytest.raises(LakeError) as several:
        lake.read(PEOPLE, days(3))

    assert str(one.value) == (
        f"patients 2021-03-02 is not in the lake {lake.root}: "
        "materialize patients for 2021-03-02 first"
    )
    assert "people 2021-03-01 and 2 more days is not in the lake" in str(several.value)
    assert lake.manifest(PEOPLE, MARCH_1) is None
    with pytest.raises(LakeError, match="materialize people for 2021-03-01 first"):
        lake.csv(PEOPLE, MARCH_1)


def test_a_row_that_breaks_the_contract_is_refused_and_nothing_is_written(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    before = every_file(lake)
    rows = frame(PATIENTS, days(2), version=1)

    for broken in (
        rows.with_columns(age_years=pl.lit(121, pl.Int32)),
        pl.concat([rows, rows.tail(1)]),
        rows.drop("bed"),
        rows.with_columns(ward=pl.lit("two\nlines")),
    ):
        with pytest.raises(LakeError, match=r"^patients: .*; nothing was written$"):
            lake.write(PATIENTS, broken, "f")

    assert every_file(lake) == before


@pytest.mark.parametrize("name", ["../../outside", "../patients", "/etc", "a/b", "..", ""])
def test_a_name_that_leads_out_of_the_lake_is_refused(lake: Lake, name: str) -> None:
    stray = RecordType(name, PATIENTS.schema, PATIENTS.partition_column, PATIENTS.key)

    with pytest.raises(LakeError, match="outside the lake"):
        lake.write(stray, frame(PATIENTS, days(1)), "f")


def test_a_link_that_leads_out_of_the_lake_is_refused(lake: Lake, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (Path(lake.root) / "batch").mkdir(parents=True)
    (Path(lake.root) / "batch" / "patients").symlink_to(outside)

    with pytest.raises(LakeError, match="outside the lake"):
        lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    assert list(outside.iterdir()) == []


def test_what_a_killed_writer_left_is_cleared_once_it_is_old(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    folder = lake.csv(PATIENTS, MARCH_1).parent
    abandoned, in_use = folder / ".old.tmp", folder / ".new.tmp"
    abandoned.touch()
    in_use.touch()
    os.utime(abandoned, (0, 0))

    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")

    assert not abandoned.exists()
    assert in_use.exists()


STOPS_AT_THE_LAST_SYNC = """
import os, sys, time
from hospital_assets.contracts import PATIENTS
from hospital_assets.resources import lake
from tests.resources.frames import days, frame

calls = 0
def fsync(descriptor):
    global calls
    calls += 1
    if calls == 6:
        print("stopped", flush=True)
        time.sleep(60)

os.fsync = fsync
lake.Lake(root=sys.argv[1]).write(PATIENTS, frame(PATIENTS, days(2), version=1), "new")
"""


def test_a_writer_killed_before_it_is_done_leaves_the_former_days_whole(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(2)), "old")
    writer = run(STOPS_AT_THE_LAST_SYNC, lake.root)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "stopped\n"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()

    assert_frame_equal(lake.read(PATIENTS, days(2)), frame(PATIENTS, days(2)))
    assert len(list(Path(lake.root).rglob("*.tmp"))) == 6, "it was killed in the middle"
    for form in ("csv", "parquet"):
        assert len(list(Path(lake.root).rglob(f"*.{form}"))) == 2


def test_a_day_left_between_two_versions_is_refused_until_it_is_written_again(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "old")
    rename = Path.replace

    def stop_at_the_manifest(path: Path, target: Path) -> Path:
        if target.suffix == ".json":
            raise InterruptedError
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", stop_at_the_manifest)
    with pytest.raises(InterruptedError):
        lake.write(PATIENTS, frame(PATIENTS, days(1), version=1), "new")
    monkeypatch.undo()

    assert reads_as(lake, MARCH_1) == "refused"
    with pytest.raises(LakeError, match="materialize patients for 2021-03-01 again"):
        lake.csv(PATIENTS, MARCH_1)
    lake.write(PATIENTS, frame(PATIENTS, days(1), version=1), "new")
    assert reads_as(lake, MARCH_1) == "1"


REWRITES_FOR_EVER = """
import sys
from hospital_assets.contracts import PATIENTS
from hospital_assets.resources.lake import Lake
from tests.resources.frames import days, frame

lake = Lake(root=sys.argv[1])
versions = [frame(PATIENTS, days(2), version=version) for version in (0, 1)]
print("started", flush=True)
while True:
    for version, rows in enumerate(versions):
        lake.write(PATIENTS, rows, str(version))
"""


def test_a_writer_killed_at_any_moment_never_leaves_a_day_that_reads_as_something_else(
    lake: Lake,
) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(2)), "0")
    writer = run(REWRITES_FOR_EVER, lake.root)
    assert writer.stdout is not None
    writer.stdout.readline()
    for kill in range(4):
        time.sleep(0.05 + 0.013 * kill)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        assert all(reads_as(lake, day) in ("0", "1", "refused") for day in days(2))
        writer = run(REWRITES_FOR_EVER, lake.root)
        assert writer.stdout is not None
        writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    lake.write(PATIENTS, frame(PATIENTS, days(2)), "0")

    assert_frame_equal(lake.read(PATIENTS, days(2)), frame(PATIENTS, days(2)))


def test_the_manifest_is_readable_json(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    content = json.loads(lake.path(PATIENTS, "manifest", MARCH_1).read_text())

    assert content["csv"].keys() == {"path", "bytes", "rows", "sha256"}
    assert content["day"] == "2021-03-01"


def reads_as(lake: Lake, day: date) -> str:
    """Which version the day is, or `refused` where the lake says to write it again."""
    try:
        found = lake.read(PATIENTS, [day])
    except LakeError as error:
        return "refused" if f"materialize patients for {day} again" in str(error) else str(error)
    versions = [v for v in (0, 1) if found.equals(frame(PATIENTS, [day], version=v))]
    return str(versions[0]) if versions else "something else"


def run(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process of its own that can import the package and the tests' factory."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
