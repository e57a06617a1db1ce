"""The batch schedule: every tick of the campaign's clock asks for the days that are due."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg

from hospital_assets.calendar.clock import Campaign, days_due, next_tick
from hospital_assets.calendar.period import Period
from hospital_assets.calendar.planning import missing_ranges
from hospital_assets.campaign import CampaignPlan, ensure_campaign
from hospital_assets.history.days import asked_for, days_under_way, request
from hospital_assets.jobs import BATCH_ASSETS, batch_job
from hospital_assets.presence import whole_days
from hospital_assets.registry import EXTRACTS
from hospital_assets.resource_definitions import OpenLake
from hospital_assets.resources.warehouse.resource import Warehouse

_SECONDS_PER_MINUTE = 60
_EVERY_MINUTE = "* * * * *"


def batch_schedule(plan: CampaignPlan, *, unattended: bool = False) -> dg.ScheduleDefinition:
    """Return the schedule of a campaign's ticks; its cron meets every one of them.

    It heals itself: whatever is due and missing is asked for, whether its tick was missed, its run
    failed or the machine was off. `unattended` is for where nobody turns it on and asks it at the
    start: it runs and looks every minute.
    """
    status = dg.DefaultScheduleStatus.RUNNING if unattended else dg.DefaultScheduleStatus.STOPPED

    @dg.schedule(
        name="batch_schedule",
        job=batch_job,
        cron_schedule=_EVERY_MINUTE if unattended else cron(plan.pace.tick_seconds),
        default_status=status,
        description="One simulated day a tick; missing days are made up, oldest first.",
    )
    def schedule(
        context: dg.ScheduleEvaluationContext,
        warehouse: dg.ResourceParam[Warehouse],
        lake: dg.ResourceParam[OpenLake],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        # The clock is started now, and never at a time that somebody has chosen for a preview.
        campaign, period = ensure_campaign(warehouse, plan, datetime.now(UTC)), plan.period
        instant = context.scheduled_execution_time.astimezone(UTC)
        due = period.days[: days_due(campaign, period, instant)]
        present = whole_days(EXTRACTS, lake(), warehouse)
        under_way = days_under_way(context.instance, batch_job.name, BATCH_ASSETS)
        ranges = missing_ranges(due, present, under_way)
        if not ranges:
            yield dg.SkipReason(
                _nothing_to_do(campaign, period, instant, len(due), under_way & set(due) - present)
            )
        for days in ranges:
            context.log.info(asked_for(days, f"due at {instant:%Y-%m-%d %H:%M:%S} UTC", "there"))
            yield request(days, run_key=f"{days.first_day}_{days.last_day}")

    return schedule


def cron(tick_seconds: float) -> str:
    """Return the sparsest cron line that meets every tick, at the finest every minute."""
    minutes = tick_seconds / _SECONDS_PER_MINUTE
    if minutes.is_integer() and 60 % minutes == 0:
        return "0 * * * *" if minutes == 60 else f"*/{int(minutes)} * * * *"
    return _EVERY_MINUTE


def _nothing_to_do(
    campaign: Campaign, period: Period, instant: datetime, due: int, under_way: set[date]
) -> str:
    if under_way:
        there = due - len(under_way)
        return f"{len(under_way)} days are under way; the other {there} due ones are there"
    if due == period.length:
        return f"all {due} days are there: the period ended on {period.last_day}"
    next_due = next_tick(campaign, instant)
    return f"all {due} due days are there; the next tick is at {next_due:%Y-%m-%d %H:%M:%S} UTC"
