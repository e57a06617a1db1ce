"""Latency: a day's transfers from run to rows, against a run of two empty assets.

`python -m bench.latency`. Both run in one process with Dagster's records in PostgreSQL; what it
takes to start the process of a launched run is the same for both and left out.
"""

import os
import tempfile
from pathlib import Path

import dagster as dg

from bench.measure import keep, median_and_spread, seconds

RUNS = 5


def empty_job() -> dg.JobDefinition:
    """Return a job of two assets that do nothing, executed like ours."""

    @dg.asset
    def first() -> None:
        """Do nothing."""

    @dg.asset(deps=[first])
    def second() -> None:
        """Do nothing."""

    job = dg.define_asset_job("empty_job", executor_def=dg.in_process_executor)
    return dg.Definitions(assets=[first, second], jobs=[job]).resolve_job_def("empty_job")


def main() -> None:
    """Measure, print and keep."""
    from hospital_assets.clock import PERIOD
    from hospital_assets.definitions import hospital_definitions
    from hospital_assets.local import embedded_postgres
    from hospital_assets.local.instance import dagster_instance
    from hospital_assets.local.kafka import embedded_kafka
    from hospital_assets.settings import load_settings

    ours = hospital_definitions().resolve_job_def("transfer_stream_job")
    theirs = empty_job()
    samples: dict[str, list[float]] = {"transfers": [], "empty": []}
    try:
        with dagster_instance() as instance:
            for run in range(RUNS + 1):
                day = PERIOD.day(run).isoformat()
                taken = {
                    "transfers": seconds(
                        lambda d=day: ours.execute_in_process(instance=instance, partition_key=d)
                    ),
                    "empty": seconds(lambda: theirs.execute_in_process(instance=instance)),
                }
                if run:
                    for name, value in taken.items():
                        samples[name].append(value)
    finally:
        embedded_kafka(load_settings()).stop()
        embedded_postgres(load_settings()).stop()
    more = [a - b for a, b in zip(samples["transfers"], samples["empty"], strict=True)]
    print(f"15 transfers published and landed: {median_and_spread(samples['transfers'])} s")
    print(f"two empty assets:                  {median_and_spread(samples['empty'])} s")
    print(f"more:                              {median_and_spread(more)} s")
    keep("latency", {"seconds": samples})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="hospital-bench-") as folder:
        os.environ["HOSPITAL_STATE"] = str(Path(folder, "state"))
        os.environ["HOSPITAL_LAKE"] = str(Path(folder, "lake"))
        main()
