"""The whole work as a plain script over the same core does it, without Dagster.

`python -m bench.plain 2021-01-01 2021-01-31`, in the installation of the settings. One thread makes
days, checks their laws and writes their files, another loads them; transfers and flow come at the
end. Prints the seconds of each part as JSON; those of the two threads overlap.
"""

import json
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime

import polars as pl

from bench.installation import asked_days
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.campaign import ensure_campaign
from hospital_assets.configuration.hospital_files import fingerprint, load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.transfers import TRANSFER_STREAM, TRANSFERS
from hospital_assets.from_settings import campaign_plan, open_lake, open_stream, open_warehouse
from hospital_assets.law_checks import broken_laws
from hospital_assets.registry import EXTRACTS, MARTS, Registration, make_extracts, registration
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.simulation import Frames


class PlainScript:
    """The same core, called directly; `seconds` has the time of each part."""

    def __init__(self) -> None:
        settings = load_settings()
        self.hospital = load_hospital()
        self.lake = open_lake(settings)
        self.warehouse = open_warehouse(settings)
        self.stream = open_stream(settings, TRANSFER_STREAM)
        self.seconds: dict[str, float] = defaultdict(float)
        self._kafka = KafkaCluster.of(settings)
        with self._timed("start"):
            plan = campaign_plan(settings, self.hospital)
            ensure_campaign(self.warehouse, plan, datetime.now(UTC))

    def records(self, days: Sequence[date], not_loaded: Collection[date] = ()) -> None:
        """Make the days' files, and load them but for some."""
        before: Frames = {}
        with self.warehouse.bulk(PEOPLE), ThreadPoolExecutor(1) as beside:
            loads = []
            for month in by_month(days):
                with self._timed("generation"):
                    frames = make_extracts(self.hospital, month)
                self._write(EXTRACTS, frames)
                self._check(EXTRACTS, frames, before, month)
                before = frames
                loads.append(
                    beside.submit(self.load, [day for day in month.days if day not in not_loaded])
                )
            for load in loads:
                load.result()
            started = time.perf_counter()
        self.seconds["COPY"] += time.perf_counter() - started

    def load(self, days: Sequence[date], rows: Iterable[Registration] = EXTRACTS) -> None:
        """Load days of the lake, all of one month."""
        for row in rows:
            with self._timed("files"):
                files = {day: self.lake.csv(row.contract, day) for day in days}
            with self._timed("COPY"):
                self.warehouse.load(row.contract, files)

    def transfers(self, days: Sequence[date]) -> None:
        """Publish and land the days' transfers, and count the flow of patients."""
        months = by_month(days)
        with self._timed("generation"):
            row = registration(TRANSFERS)
            transfers = pl.concat([row.rows(self.hospital, month, {}) for month in months])
        with self._timed("start"):
            self._kafka.bootstrap()
        with self._timed("Kafka"):
            slots = transfers.select(TRANSFER_STREAM.slot_columns).unique(maintain_order=True)
            self.stream.publish(slots.rows(), transfers)
            self.stream.land()
        for month in months:
            self._count_flow(month)

    def _count_flow(self, month: Period) -> None:
        with self._timed("COPY"):
            transfers = self.warehouse.read(TRANSFERS, month.days)
        with self._timed("files"):
            patients = self.lake.read(PATIENTS, month.days)
        frames = {TRANSFERS.name: transfers, PATIENTS.name: patients}
        with self._timed("generation"):
            for row in MARTS:
                frames[row.name] = row.rows(self.hospital, month, frames)
        self._write(MARTS, frames)
        self._check(MARTS, frames, {}, month)
        self.load(month.days, MARTS)

    def _write(self, rows: Iterable[Registration], frames: Frames) -> None:
        with self._timed("files"):
            for row in rows:
                self.lake.write(row.contract, frames[row.name], fingerprint(self.hospital))

    def _check(
        self, rows: Iterable[Registration], frames: Frames, before: Frames, month: Period
    ) -> None:
        parameters = self.hospital.parameters
        with self._timed("laws"):
            for row in rows:
                for law, broken in broken_laws(row, frames, before, month.first_day, parameters):
                    if len(broken):
                        raise SystemExit(f"{month} breaks the law {law.name}")

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
