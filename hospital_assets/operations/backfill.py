"""Backfills: many days at once, a run a half-year, and several runs side by side."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import nullcontext
from datetime import UTC, datetime
from multiprocessing import get_context, parent_process
from threading import Thread

import dagster as dg

from hospital_assets.installation import prepare
from hospital_assets.jobs import ALL_ASSETS
from hospital_assets.local.instance import instance_of_a_command
from hospital_assets.operations.execution import run
from hospital_assets.planning import DayRange, by_half_year
from hospital_assets.profile import fingerprint, load_hospital
from hospital_assets.progress import materialized_days
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import load_settings

# One generates while another's rows are being loaded. More than this wait for each other's locks.
_MOST_WORKERS = 4
_AHEAD = {"transfer_events": {"ahead_of_clock": True}}


def backfill(instance: dg.DagsterInstance, days: DayRange) -> Iterator[int]:
    """Materialize every asset for the days that are missing, those ahead of the clock too.

    Yields first how many days are there already, then after each run how many it did. Raises
    RunFailedError if a run fails; the others that are under way are finished, no more are begun.
    """
    warehouse = Warehouse()
    prepare(warehouse, fingerprint(load_hospital()), load_settings(), datetime.now(UTC))
    present = materialized_days(instance, ALL_ASSETS)
    missing = [day for day in days.days if day not in present]
    yield len(days.days) - len(missing)
    with warehouse.bulk() if len(missing) > len(present) else nullcontext():
        yield from _run_side_by_side(instance, by_half_year(missing))


def _run_side_by_side(instance: dg.DagsterInstance, ranges: list[DayRange]) -> Iterator[int]:
    if len(ranges) < 2:
        for days in ranges:
            run(instance, days, ALL_ASSETS, _AHEAD)
            yield len(days.days)
        return
    workers = min(len(ranges), len(os.sched_getaffinity(0)), _MOST_WORKERS)
    # For the workers, which take a core each: threads would only contend for the same cores.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker) as pool:
        runs = {pool.submit(_run, days): days for days in ranges}
        try:
            for done in as_completed(runs):
                done.result()
                yield len(runs[done].days)
        finally:
            pool.shutdown(cancel_futures=True)


def _run(days: DayRange) -> None:
    with instance_of_a_command() as instance:
        run(instance, days, ALL_ASSETS, _AHEAD)


def _begin_worker() -> None:
    # Ctrl-C reaches the whole group: a run hears it from Dagster, an idle worker need not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once the one that began it is gone; it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        # Nothing half done can be seen: a run may end anywhere.
        os._exit(1)
