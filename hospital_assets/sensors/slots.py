"""The sensors of streams: which slots are due, and not published or not landed yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import dagster as dg

from hospital_assets.assets.event_streams import due_slots
from hospital_assets.assets.own_topic import refuse_others
from hospital_assets.calendar.planning import missing_ranges
from hospital_assets.campaign import CampaignPlan, ensure_campaign
from hospital_assets.history.days import asked_for, days_under_way, request, shown_days
from hospital_assets.jobs import (
    LANDED_ASSETS,
    PUBLISHED_ASSETS,
    STREAM_ASSETS,
    landing_job,
    publishing_job,
    transfer_stream_job,
)
from hospital_assets.resource_definitions import OpenHospital
from hospital_assets.resources.stream.errors import OtherLogError, StreamError
from hospital_assets.resources.stream.published_slots import Slot
from hospital_assets.resources.stream.resource import Stream, Streams
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.sensors.status import sensor_status

_SHORTEST_SECONDS, _LONGEST_SECONDS = 5, 30


@dataclass(frozen=True)
class _Look:
    """What a sensor looks at: the slots that are due, and what can say how far they are."""

    due: list[Slot]
    instance: dg.DagsterInstance
    stream: Stream


def transfer_sensor(plan: CampaignPlan) -> dg.SensorDefinition:
    """Return the sensor that has due slots published and landed in one run."""
    return _slot_sensor(
        "transfer_sensor",
        "The events of a stream tick; missed slots are made up, oldest first.",
        plan,
        transfer_stream_job.name,
        STREAM_ASSETS,
        _not_landed,
        "landed",
    )


def publishing_sensor(plan: CampaignPlan) -> dg.SensorDefinition:
    """Return the sensor of a producer: it knows nothing of who lands what it publishes."""
    return _slot_sensor(
        "publishing_sensor",
        "The events of a stream tick, published; missed slots are made up, oldest first.",
        plan,
        publishing_job.name,
        PUBLISHED_ASSETS,
        _not_published,
        "published",
        unattended=True,
    )


def landing_sensor(plan: CampaignPlan) -> dg.SensorDefinition:
    """Return the sensor of a consumer: it has landed what the topic holds, whoever sent it."""
    return _slot_sensor(
        "landing_sensor",
        "Lands a topic once it is ahead of its table, or a day was published and not landed.",
        plan,
        landing_job.name,
        LANDED_ASSETS,
        _waiting,
        "landed",
        unattended=True,
    )


def interval(tick_seconds: float) -> int:
    """Return the seconds between two looks: a tenth of a tick, within bounds."""
    return round(min(max(tick_seconds / 10, _SHORTEST_SECONDS), _LONGEST_SECONDS))


def _slot_sensor(
    name: str,
    description: str,
    plan: CampaignPlan,
    job_name: str,
    keys: list[dg.AssetKey],
    find: Callable[[_Look], set[date]],
    lacking: str,
    *,
    unattended: bool = False,
) -> dg.SensorDefinition:
    """Return a sensor that asks for the days that `find` names; it looks several times a tick.

    `lacking` is what they are not yet.
    """

    @dg.sensor(
        name=name,
        job_name=job_name,
        minimum_interval_seconds=interval(plan.pace.tick_seconds),
        description=description,
        default_status=sensor_status(unattended=unattended),
    )
    def sensor(
        context: dg.SensorEvaluationContext,
        warehouse: dg.ResourceParam[Warehouse],
        streams: dg.ResourceParam[Streams],
        hospital: dg.ResourceParam[OpenHospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        instant = datetime.now(UTC)
        ensure_campaign(warehouse, plan, instant)
        simulated = hospital()
        due = due_slots(simulated, warehouse, instant)
        try:
            for stream in streams.values():
                refuse_others(simulated, stream)
            looks = [_Look(due, context.instance, stream) for stream in streams.values()]
            missing = set[date]().union(*map(find, looks))
        except OtherLogError:
            # No run can go on, and none of them would be the last: the tick fails.
            raise
        except StreamError as error:
            # The broker is away, say: the next look is the retry.
            yield dg.SkipReason(str(error))
            return
        under_way = days_under_way(context.instance, job_name, keys)
        ranges = missing_ranges(sorted(missing), set(), under_way)
        if not ranges:
            yield dg.SkipReason(
                f"{len(missing)} days are under way"
                if missing
                else f"nothing is left to do for the {len(due)} slots that are due"
            )
        for days in ranges:
            context.log.info(asked_for(days, "slots are due or published", lacking))
            yield request(days)

    return sensor


def _not_landed(look: _Look) -> set[date]:
    incomplete = look.stream.incomplete()
    unpublished = set(look.stream.unpublished(look.due))
    missing = [slot for slot in look.due if slot in incomplete or slot in unpublished]
    if missing and not any(look.stream.lag().values()) and look.stream.dead_letter_counts():
        # What was published and is not to come lies among the dead letters: no run brings it, but
        # for rows that are gone.
        comes = unpublished | look.stream.slots_with_gone_rows()
        missing = [slot for slot in missing if slot in comes]
    return {day for day, _ in missing}


def _not_published(look: _Look) -> set[date]:
    return {day for day, _ in look.stream.unpublished(look.due)}


def _waiting(look: _Look) -> set[date]:
    published = {day for day, _ in set(look.due).difference(look.stream.unpublished(look.due))}
    # A backfill publishes ahead of the clock; if it did not, a run lands nothing.
    published |= shown_days(look.instance, [dg.AssetKey(look.stream.kind.events_asset)])
    # A day that has landed with another one's run gets one too, so that the page shows it.
    waiting = published - shown_days(look.instance, [dg.AssetKey(look.stream.kind.name)])
    # A landing brings them back.
    waiting |= {day for day, _ in look.stream.slots_with_gone_rows()}
    if any(look.stream.lag().values()):
        waiting |= _not_landed(look) & published
        # What others have published is of no day that we know: a run lands the whole topic.
        waiting = waiting or {day for day, _ in look.due[-1:]}
    return waiting
