"""The queue of Dagster's runs: who goes before whom, and who leaves room for whom.

`dagster.yaml` names the class and limits how many runs of a kind go at once. A run that somebody
clicked waits for no other kind; runs of a command (see `operations/`) are in no queue at all.
"""

from collections.abc import Mapping

from dagster import DagsterRun
from dagster._core.run_coordinator import QueuedRunCoordinator, SubmitRunContext

from hospital_assets.history.days import BACKFILL

KIND = "hospital/queue"
CLICK, BULK = "click", "bulk"
PRIORITY = "dagster/priority"
RETRY = "dagster/retry_number"
_AUTOMATIC = ("dagster/schedule_name", "dagster/sensor_name")


class RunQueue(QueuedRunCoordinator):
    """Dagster's own queue, in which each run is given its kind and its priority."""

    def submit_run(self, context: SubmitRunContext) -> DagsterRun:
        """Put a run into the queue."""
        run = context.dagster_run
        self._instance.add_run_tags(run.run_id, standing(run.tags))
        return super().submit_run(context)


def standing(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags by which a run with these tags stands in the queue.

    First comes what a person waits for, then schedules and sensors, then backfills. A priority
    that somebody has set stays.
    """
    if RETRY in tags and KIND in tags:
        # Dagster's own retry has lost the backfill's tag if the backfill was ended meanwhile.
        kind, priority = tags[KIND], "0"
    elif BACKFILL in tags:
        kind, priority = BULK, "-2"
    elif any(tag in tags for tag in _AUTOMATIC):
        kind, priority = BULK, "-1"
    else:
        kind, priority = CLICK, "0"
    return {KIND: kind, PRIORITY: tags.get(PRIORITY, priority)}
