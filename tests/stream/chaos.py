"""A campaign of kill -9 against producers, consumers, the broker and PostgreSQL.

Every named step is struck once, with a check after each; then victims, steps and moments are drawn
from the seed. At the end everything published is in the table and in the files, once each.
"""

import argparse
import multiprocessing
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import polars as pl
import psutil

from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.transfers import TRANSFER_STREAM
from hospital_assets.from_settings import open_stream, open_warehouse
from hospital_assets.processes.members import is_same
from hospital_assets.resources.stream.connections import persist
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.services.databases import Databases
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.folder import StateFolder
from tests.stream import actors
from tests.stream.failpoints import LANDING, PUBLISHING, STEPS
from tests.stream.sites import Site, transfers_of

FIRST_DAY = date(2021, 1, 1)
# Longer than the patience of anything that a process does.
HUNG_SECONDS = 600
SERVICES = {"broker": "kafka.json", "postgres": "postgres.json"}
# A service takes seconds to come back: most kills are of processes.
VICTIMS = ["producer step", "consumer step", "producer", "consumer", "consumer"] * 3 + [*SERVICES]


class CampaignError(AssertionError):
    """Something was lost, counted twice, or did not recover."""


@dataclass
class Campaign:
    """Kills until `kills` have struck, everything drawn from `seed`."""

    kills: int
    seed: int
    faulty: bool
    folder: Path
    struck: dict[str, int] = field(default_factory=dict)
    day: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - a seed that replays
        self.settings = load_settings()
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([actors.__name__])
        self.facts = self.folder / "facts.parquet"
        self.days = 2 * self.kills + 60
        last = FIRST_DAY + timedelta(days=self.days)
        transfers_of(FIRST_DAY, last).write_parquet(self.facts)

    def run(self) -> None:
        """Raise CampaignError if the promise is broken."""
        open_warehouse(self.settings).create_schema()
        for step in PUBLISHING:
            self.strike("producer step", step)
            self.settle()
        for step in LANDING:
            self.strike("consumer step", step)
            self.settle()
        missed = STEPS.keys() - {name.split()[-1] for name in self.struck}
        if missed:
            raise CampaignError(f"no process ever came to {missed}")
        while sum(self.struck.values()) < self.kills:
            victim = self.chance.choice(VICTIMS)
            steps = PUBLISHING if victim == "producer step" else LANDING
            self.strike(victim, self.chance.choice(list(steps)))
            done = sum(self.struck.values())
            if done % 50 == 0:
                print(f"{done} kills: {self.struck}", flush=True)
        self.settle()

    def strike(self, victim: str, step: str) -> None:
        """Let a producer and one or two consumers run, and kill the victim meanwhile."""
        self.day = min(self.day + 1, self.days)
        if victim == "producer step":
            self.expect_kill(self.publisher(step), f"producer {step}")
            return
        if victim == "consumer step":
            self.finish(self.publisher())
            self.expect_kill(self.lander(step), f"consumer {step}")
            return
        producer, consumers = self.publisher(), [self.lander()]
        if self.chance.random() < 0.2:
            consumers.append(self.lander())
        time.sleep(self.chance.uniform(0, 0.8))
        if victim in SERVICES:
            self.kill_service(victim)
        else:
            killed = producer if victim == "producer" else consumers[0]
            killed.kill()
            self.expect_kill(killed, victim)
        for process in (producer, *consumers):
            if process.exitcode != -signal.SIGKILL:
                self.finish(process)

    def settle(self) -> None:
        """Let everything be published and landed, and check it."""
        self.finish(self.publisher())
        self.finish(self.lander())
        site = Site(open_stream(self.settings, TRANSFER_STREAM))
        due = pl.read_parquet(self.facts).filter(
            pl.col("transfer_date") <= FIRST_DAY + timedelta(days=self.day)
        )
        try:
            site.stream.land(thoroughly=True)
            # A service that has just come back may need more than one try.
            persist(lambda: site.check(due), "check what was landed")
            persist(lambda: self.check_account(site), "check the account of the messages")
        except (AssertionError, StreamError) as error:
            raise CampaignError(f"after {self.struck}: {error}") from error

    def check_account(self, site: Site) -> None:
        """Every message is a row, a duplicate or a dead letter, and those are mirrored."""
        [account] = site.query(
            "SELECT sum(rows), sum(cardinality(duplicates)), sum(dead_letters), "
            "sum(end_offset - first_offset) FROM hospital.stream_files"
        )
        assert sum(account[:3]) == account[3], account
        letters = {value for (value,) in site.query("SELECT value FROM hospital.dead_letters")}
        assert {one.value for one in site.mirrored()} == letters

    def publisher(self, step: str | None = None) -> ForkServerProcess:
        """Start a producer."""
        last_day = FIRST_DAY + timedelta(days=self.day)
        garbage = b"\xff" + str(self.day).encode()
        return self.start(actors.publish, (self.settings, str(self.facts), last_day, garbage, step))

    def lander(self, step: str | None = None) -> ForkServerProcess:
        """Start a consumer."""
        return self.start(actors.land, (self.settings, step), {"faulty": self.faulty})

    def start(
        self,
        target: object,
        arguments: tuple[object, ...],
        options: dict[str, object] | None = None,
    ) -> ForkServerProcess:
        """Start a process that ends with this one."""
        process = self.context.Process(
            target=target,  # type: ignore[arg-type]
            args=arguments,
            kwargs=options or {},
            daemon=True,
        )
        process.start()
        return process

    def expect_kill(self, process: ForkServerProcess, name: str) -> None:
        """Wait for a victim's end, and count it unless it was done before."""
        process.join(HUNG_SECONDS)
        if process.exitcode == -signal.SIGKILL:
            self.struck[name] = self.struck.get(name, 0) + 1
        elif process.exitcode != 0:
            raise CampaignError(f"{name}: exit code {process.exitcode} after {self.struck}")

    def finish(self, process: ForkServerProcess) -> None:
        """Wait for a process that nobody kills."""
        process.join(HUNG_SECONDS)
        if process.exitcode != 0:
            raise CampaignError(f"exit code {process.exitcode} after {self.struck}")

    def kill_service(self, name: str) -> None:
        """Kill the broker, or PostgreSQL's main process, by its number on record."""
        record = StateFolder(self.settings.state).read_json(SERVICES[name])
        # It may be on its way back from the last kill, with its number given to a stranger.
        if not record or not is_same(record["pid"], record["created"]):
            return
        try:
            psutil.Process(record["pid"]).kill()
        except psutil.NoSuchProcess:
            return
        self.struck[name] = self.struck.get(name, 0) + 1


def main() -> int:
    """Run a campaign; returns 1 if the promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--plant-fault", action="store_true", help="commit offsets before rows")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        os.environ |= {
            "HOSPITAL_STATE": f"{folder}/state",
            "HOSPITAL_LAKE": f"{folder}/lake",
        }
        campaign = Campaign(options.kills, options.seed, options.plant_fault, Path(folder))
        try:
            campaign.run()
        except CampaignError as error:
            print(f"FAILED with --seed {options.seed}: {str(error)[:2000]}", flush=True)
            return 1
        finally:
            KafkaCluster.of(load_settings()).embedded().stop()
            Databases.of(load_settings()).embedded().stop()
    total = sum(campaign.struck.values())
    print(
        f"{total} kills survived in {time.monotonic() - began:.0f} s, {15 * (campaign.day + 1)} "
        f"transfers: none lost, none twice, files equal the table; {campaign.struck}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
