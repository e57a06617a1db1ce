"""The whole work as a plain script over the same core does it, without Dagster.

`python -m bench.plain 2021-01-01 2021-01-31`, in the installation of the settings. One thread makes
days, checks their laws and writes their files, another loads them; transfers and flow come at the
end. Prints the seconds of each part as JSON; those of the two threads overlap.
"""

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import polars as pl

from bench.installation import asked_days
from hospital_assets.contracts import PATIENT_FLOW, PATIENTS, RECORD_TYPES, TRANSFERS
from hospital_assets.flow import disagreements, patient_flow
from hospital_assets.installation import prepare
from hospital_assets.local.kafka import kafka_bootstrap
from hospital_assets.planning import by_month
from hospital_assets.profile import fingerprint, load_hospital
from hospital_assets.resources.lake import Lake
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import load_settings
from hospital_assets.simulation.laws import LAWS, Frames


class PlainScript:
    """The same core, called directly; `seconds` has the time of each part."""

    def __init__(self) -> None:
        settings = load_settings()
        self.hospital = load_hospital()
        self.lake = Lake(root=settings.lake)
        self.warehouse = Warehouse()
        self.stream = Stream(root=settings.lake)
        self.seconds: dict[str, float] = defaultdict(float)
        self._identity = fingerprint(self.hospital)
        with self._timed("start"):
            prepare(self.warehouse, self._identity, settings, datetime.now(UTC))

    def records(self, days: list[date], not_loaded: Collection[date] = ()) -> None:
        """Make the days' files, and load them but for some."""
        before: Frames = {}
        with self.warehouse.bulk(), ThreadPoolExecutor(1) as beside:
            loads = []
            for month in by_month(days):
                frames = self._make(month)
                self._check(frames, before, month[0])
                before = frames
                loads.append(
                    beside.submit(self.load, [day for day in month if day not in not_loaded])
                )
            for load in loads:
                load.result()
            started = time.perf_counter()
        self.seconds["COPY"] += time.perf_counter() - started

    def load(self, days: list[date]) -> None:
        """Load days of the lake, all of one month."""
        for record in RECORD_TYPES:
            with self._timed("files"):
                files = {day: self.lake.csv(record, day) for day in days}
            with self._timed("COPY"):
                self.warehouse.load(record, files)

    def transfers(self, days: list[date]) -> None:
        """Publish and land the days' transfers, and count the flow of patients."""
        with self._timed("generation"):
            transfers = [
                TRANSFERS.schema.cast(self.hospital.transfers(month[0], month[-1]))
                for month in by_month(days)
            ]
        with self._timed("start"):
            kafka_bootstrap(load_settings())
        with self._timed("Kafka"):
            self.stream.publish(pl.concat(transfers))
            self.stream.land()
        for month in by_month(days):
            self._count_flow(month)

    def _make(self, month: list[date]) -> Frames:
        with self._timed("generation"):
            made = self.hospital.between(month[0], month[-1])
            frames = {
                record.name: record.schema.cast(getattr(made, record.name))
                for record in RECORD_TYPES
            }
        with self._timed("files"):
            for record in RECORD_TYPES:
                self.lake.write(record, frames[record.name], self._identity)
        return frames

    def _check(self, frames: Frames, before: Frames, first: date) -> None:
        days = {record.name: record.partition_column for record in RECORD_TYPES}
        with self._timed("laws"):
            for law in LAWS:
                own, name = frames, law.record
                if before and law.days_before:
                    recent = pl.col(days[name]) >= first - timedelta(days=law.days_before)
                    own = frames | {name: pl.concat([before[name].filter(recent), frames[name]])}
                if len(law.violations(own, self.hospital.parameters)):
                    raise SystemExit(f"the month of {first} breaks the law {law.name}")

    def _count_flow(self, month: list[date]) -> None:
        parameters = self.hospital.parameters
        with self._timed("COPY"):
            transfers = self.warehouse.read(TRANSFERS, month)
        with self._timed("files"):
            patients = self.lake.read(PATIENTS, month)
        a_day = parameters.transfers.slots_per_day * parameters.transfers.per_slot
        with self._timed("generation"):
            if len(disagreements(patients, transfers, a_day)):
                raise SystemExit(f"batch and stream disagree in the month of {month[0]}")
            departments = [one.name for one in parameters.departments]
            flow = PATIENT_FLOW.schema.cast(patient_flow(patients, transfers, departments))
        with self._timed("files"):
            self.lake.write(PATIENT_FLOW, flow, self._identity)
            files = {day: self.lake.csv(PATIENT_FLOW, day) for day in month}
        with self._timed("COPY"):
            self.warehouse.load(PATIENT_FLOW, files)

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[part] += time.perf_counter() - started


def main() -> None:
    """Do all of the asked days and print the seconds of each part."""
    days = asked_days().days
    script = PlainScript()
    script.records(days)
    script.transfers(days)
    print(json.dumps(script.seconds))


if __name__ == "__main__":
    main()
