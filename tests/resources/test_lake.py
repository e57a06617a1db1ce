"""The lake: a day is whole or absent, has the same bytes each time, and is checked on reading."""

import hashlib
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
import obstore
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.file_store import FileStoreError, ObjectStore
from hospital_assets.resources.lake.resource import Lake, LakeError
from tests.resources.frames import MARCH_1, RECORDS, days, frame

MARCH_2 = date(2021, 3, 2)


@pytest.fixture(params=["folder", "bucket"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """An empty lake, in each kind of place."""
    if request.param == "folder":
        return Lake(root=str(tmp_path / "lake"))
    return Lake(root=f"{request.getfixturevalue('bucket')}/some/where")


def every_file(lake: Lake) -> dict[str, bytes]:
    found = file_store.at(lake.root)
    if isinstance(found, ObjectStore):
        names = [one["path"] for batch in obstore.list(found.store) for one in batch]
    else:
        root = Path(lake.root)
        names = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return {name: found.read(name) for name in sorted(names)}


def overwrite(lake: Lake, name: str, content: bytes) -> None:
    file_store.at(lake.root).replace([[(name, content)]])


def name_of(form: str, suffix: str) -> str:
    """The name of the file of patients of 1 March."""
    return f"batch/patients/{form}/patients-2021-03-01.{suffix}"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_what_is_written_is_read_back(anywhere: Lake, record: RecordType) -> None:
    rows = frame(record, days(3))
    anywhere.write(record, rows, "f")

    assert_frame_equal(anywhere.read(record, days(3)), rows)
    assert anywhere.days(record) == days(3)


def test_files_lie_where_the_layout_says(anywhere: Lake) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")

    assert list(every_file(anywhere)) == [
        "batch/patients/csv/patients-2021-03-01.csv",
        "batch/patients/manifest/patients-2021-03-01.json",
        "batch/patients/parquet/patients-2021-03-01.parquet",
    ]
    place = anywhere.path(PATIENTS, "parquet", MARCH_1)
    assert place == f"{anywhere.root}/batch/patients/parquet/patients-2021-03-01.parquet"


def test_a_day_has_the_same_bytes_alone_in_a_range_in_any_row_order_and_again(
    tmp_path: Path, bucket: str
) -> None:
    alone, together, shuffled = (Lake(root=str(tmp_path / name)) for name in "abc")
    shared = Lake(root=bucket)
    for day in days(3):
        alone.write(PATIENTS, frame(PATIENTS, [day]), "f")
    whole = frame(PATIENTS, days(3))
    together.write(PATIENTS, whole, "f")
    together.write(PATIENTS, whole, "f")
    shuffled.write(PATIENTS, whole.sample(fraction=1, shuffle=True, seed=1), "f")

    manifests = shared.write(PATIENTS, whole, "f")

    assert every_file(alone) == every_file(together) == every_file(shuffled) == every_file(shared)
    assert [alone.manifest(PATIENTS, day) for day in days(3)] == manifests


def test_the_manifest_describes_the_files(anywhere: Lake) -> None:
    [written] = anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "seed 1")
    found = anywhere.manifest(PATIENTS, MARCH_1)

    assert found == written
    assert (written.record, written.day, written.fingerprint) == ("patients", MARCH_1, "seed 1")
    for file in (written.csv, written.parquet):
        content = every_file(anywhere)[file.path]
        assert len(content) == file.bytes
        assert hashlib.sha256(content).hexdigest() == file.sha256
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


def test_the_prefix_is_one_table_to_polars(bucket: str) -> None:
    lake = Lake(root=f"{bucket}/some/where")
    lake.write(PATIENTS, frame(PATIENTS, days(3)), "f")

    found = pl.scan_parquet(f"{lake.root}/batch/patients/parquet/*.parquet").collect()
    assert found.height == 60


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_flipped_byte_is_noticed(anywhere: Lake, form: Literal["csv", "parquet"]) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    name = name_of(form, form)
    content = bytearray(every_file(anywhere)[name])
    content[len(content) // 2] ^= 1
    overwrite(anywhere, name, bytes(content))

    with pytest.raises(
        LakeError, match="is not what its manifest says: materialize patients for 2021-03-01 again"
    ):
        anywhere.csv(PATIENTS, MARCH_1) if form == "csv" else anywhere.read(PATIENTS, [MARCH_1])


def test_a_file_that_is_gone_is_noticed(anywhere: Lake) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    file_store.at(anywhere.root).move(name_of("csv", "csv"), "elsewhere")

    with pytest.raises(LakeError, match="is gone, but its manifest is there: materialize patients"):
        anywhere.csv(PATIENTS, MARCH_1)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"record": "patients"}'])
def test_a_manifest_that_is_none_is_refused(anywhere: Lake, content: str) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    overwrite(anywhere, name_of("manifest", "json"), content.encode())

    with pytest.raises(LakeError, match="is not a manifest: materialize patients for 2021-03-01"):
        anywhere.read(PATIENTS, [MARCH_1])


def test_a_manifest_of_another_day_is_refused(anywhere: Lake) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    name = name_of("manifest", "json")
    overwrite(anywhere, name, every_file(anywhere)[name].replace(b"2021-03-01", b"2021-03-02"))

    with pytest.raises(LakeError, match="is the manifest of patients 2021-03-02"):
        anywhere.manifest(PATIENTS, MARCH_1)


def test_a_missing_day_is_named_with_what_to_do(anywhere: Lake) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")

    with pytest.raises(LakeError) as one:
        anywhere.read(PATIENTS, days(2))
    with pytest.raises(LakeError) as several:
        anywhere.read(PEOPLE, days(3))

    assert str(one.value) == (
        f"patients 2021-03-02 is not in the lake {anywhere.root}: "
        "materialize patients for 2021-03-02 first"
    )
    assert "people 2021-03-01 and 2 more days is not in the lake" in str(several.value)
    assert anywhere.manifest(PEOPLE, MARCH_1) is None
    with pytest.raises(LakeError, match="materialize people for 2021-03-01 first"):
        anywhere.csv(PEOPLE, MARCH_1)


def test_a_row_that_breaks_the_contract_is_refused_and_nothing_is_written(anywhere: Lake) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    before = every_file(anywhere)
    rows = frame(PATIENTS, days(2), version=1)

    for broken in (
        rows.with_columns(age_years=pl.lit(121, pl.Int32)),
        pl.concat([rows, rows.tail(1)]),
        rows.drop("bed"),
        rows.with_columns(ward=pl.lit("two\nlines")),
    ):
        with pytest.raises(LakeError, match=r"^patients: .*; nothing was written$"):
            anywhere.write(PATIENTS, broken, "f")

    assert every_file(anywhere) == before


@pytest.mark.parametrize("name", ["../../outside", "../patients", "/etc", "a/b", "..", ""])
def test_a_name_that_leads_out_of_the_lake_is_refused(anywhere: Lake, name: str) -> None:
    stray = RecordType(name, PATIENTS.schema, PATIENTS.partition_column, PATIENTS.key)

    with pytest.raises(LakeError, match="outside the lake"):
        anywhere.write(stray, frame(PATIENTS, days(1)), "f")


def test_a_link_that_leads_out_of_the_lake_is_refused(lake: Lake, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (Path(lake.root) / "batch").mkdir(parents=True)
    (Path(lake.root) / "batch" / "patients").symlink_to(outside)

    with pytest.raises(FileStoreError, match="outside the lake"):
        lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    assert list(outside.iterdir()) == []


def test_what_a_killed_writer_left_is_cleared_once_it_is_old(lake: Lake) -> None:
    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    folder = Path(lake.path(PATIENTS, "csv", MARCH_1)).parent
    abandoned, in_use = folder / ".old.tmp", folder / ".new.tmp"
    abandoned.touch()
    in_use.touch()
    os.utime(abandoned, (0, 0))

    lake.write(PATIENTS, frame(PATIENTS, days(1)), "f")

    assert not abandoned.exists()
    assert in_use.exists()


STOPS_AT_THE_LAST_SYNC = """
import os, sys, time
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.resources.lake.resource import Lake
from tests.resources.frames import days, frame

calls = 0
def fsync(descriptor):
    global calls
    calls += 1
    if calls == 6:
        print("stopped", flush=True)
        time.sleep(60)

os.fsync = fsync
Lake(root=sys.argv[1]).write(PATIENTS, frame(PATIENTS, days(2), version=1), "new")
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
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", stop_at_the_manifest)
    with pytest.raises(KeyboardInterrupt):
        lake.write(PATIENTS, frame(PATIENTS, days(1), version=1), "new")
    monkeypatch.undo()

    assert reads_as(lake, MARCH_1) == "refused"
    with pytest.raises(LakeError, match="materialize patients for 2021-03-01 again"):
        lake.csv(PATIENTS, MARCH_1)
    lake.write(PATIENTS, frame(PATIENTS, days(1), version=1), "new")
    assert reads_as(lake, MARCH_1) == "1"


REWRITES_FOR_EVER = """
import sys
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.resources.lake.resource import Lake
from tests.resources.frames import days, frame

lake = Lake(root=sys.argv[1])
versions = [frame(PATIENTS, days(2), version=version) for version in (0, 1)]
print("started", flush=True)
while True:
    for version, rows in enumerate(versions):
        lake.write(PATIENTS, rows, str(version))
"""


def test_a_writer_killed_at_any_moment_never_leaves_a_day_that_reads_as_something_else(
    anywhere: Lake,
) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(2)), "0")
    writer = run(REWRITES_FOR_EVER, anywhere.root)
    assert writer.stdout is not None
    writer.stdout.readline()
    for kill in range(4):
        time.sleep(0.05 + 0.013 * kill)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        assert all(reads_as(anywhere, day) in ("0", "1", "refused") for day in days(2))
        writer = run(REWRITES_FOR_EVER, anywhere.root)
        assert writer.stdout is not None
        writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    anywhere.write(PATIENTS, frame(PATIENTS, days(2)), "0")

    assert_frame_equal(anywhere.read(PATIENTS, days(2)), frame(PATIENTS, days(2)))


def test_the_manifest_is_readable_json(anywhere: Lake) -> None:
    anywhere.write(PATIENTS, frame(PATIENTS, days(1)), "f")
    content = json.loads(every_file(anywhere)[name_of("manifest", "json")])

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
