"""Backfills: many days at once, a run a half-year, and several runs side by side.

Runs are made by workers, processes that don't hear Ctrl-C: Dagster would raise its interrupt in
whatever code is running, also inside a library that can't take it. The process that began them
hears it, and ends them.
"""

import os
import signal
from collections.abc import Generator, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from hospital_assets.calendar.period import Period, by_half_year
from hospital_assets.campaign import ensure_campaign, ensure_lake
from hospital_assets.configuration.hospital_files import fingerprint, load_hospital
from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.from_settings import campaign_plan, open_lake, open_streams, open_warehouse
from hospital_assets.history.instance import instance_of_a_command
from hospital_assets.jobs import ALL_ASSETS
from hospital_assets.operations.execution import run
from hospital_assets.presence import finished_days
from hospital_assets.registry import STREAM_TYPES

# One generates while another's rows are being loaded. More than this wait for each other's locks.
_MOST_WORKERS = 4
_AHEAD = {kind.events_asset: {"ahead_of_clock": True} for kind in STREAM_TYPES}


def backfill(days: Period) -> Generator[int, None, None]:
    """Materialize every asset for the days that are missing, those ahead of the clock too.

    Yields first how many days are there already, then after each run how many it did. Raises
    RunFailedError if a run fails; the others that are under way are finished, no more are begun.
    An interrupt, the end of this process, or closing the iterator ends them where they are.
    """
    settings, hospital = load_settings(), load_hospital()
    warehouse = open_warehouse(settings)
    ensure_campaign(warehouse, campaign_plan(settings, hospital), datetime.now(UTC))
    lake = open_lake(settings)
    ensure_lake(lake, warehouse, fingerprint(hospital))
    present = finished_days(lake, warehouse, open_streams(settings), hospital)
    missing = [day for day in days.days if day not in present]
    yield days.length - len(missing)
    # Dagster makes its tables when its storage is opened: here, before several workers do at once.
    with (
        instance_of_a_command(),
        warehouse.bulk(PEOPLE) if len(missing) > len(present) else nullcontext(),
    ):
        yield from _run_side_by_side(by_half_year(missing))


def _run_side_by_side(ranges: list[Period]) -> Iterator[int]:
    if not ranges:
        return
    workers = min(len(ranges), len(os.sched_getaffinity(0)), _MOST_WORKERS)
    # What a run plans is one entry then, not one a day and asset. Here alone, since the days of a
    # run that fails are not shown as failed with it.
    os.environ.setdefault("DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS", "true")
    if workers > 1:
        # They take a core each: threads would only contend for the same cores.
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
    with ProcessPoolExecutor(workers, get_context("spawn"), _begin_worker) as pool:
        try:
            with _unheard_by_children():
                runs = {pool.submit(_run, days): days for days in ranges}
            for done in as_completed(runs):
                done.result()
                yield runs[done].length
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            for worker in active_children():
                # A run may end anywhere, nothing half done can be seen. SIGTERM is Dagster's too.
                worker.kill()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _unheard_by_children() -> Iterator[None]:
    """Have the processes that are begun in here never hear Ctrl-C, which reaches the whole group.

    They inherit that it is blocked, and no handler that they set changes it. Here it is heard
    afterwards: it must not come between the begin of a process and what it is to do.
    """
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
    if heard:
        signal.raise_signal(signal.SIGINT)


def _run(days: Period) -> None:
    with instance_of_a_command() as instance:
        run(instance, days, ALL_ASSETS, _AHEAD)


def _begin_worker() -> None:
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once the one that began it is gone; it would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
