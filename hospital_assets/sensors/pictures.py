"""The pictures' sensor: once a month's days lie in the lake, its pictures are drawn."""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from hospital_assets.assets.partitions import whole_months
from hospital_assets.calendar.period import month_of
from hospital_assets.history.days import days_under_way
from hospital_assets.jobs import PICTURE_ASSETS, pictures_job
from hospital_assets.pictures.themes import THEMES
from hospital_assets.registry import IN_BATCH_LAKE
from hospital_assets.resource_definitions import OpenHospital, OpenLake
from hospital_assets.resources.lake.reports import Reports
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.sensors.status import sensor_status
from hospital_assets.simulation import Hospital

# A month ends every few hours at the usual pace.
_SECONDS = 60
_MONTHS_AT_ONCE = 4


def pictures_sensor(*, unattended: bool = False) -> dg.SensorDefinition:
    """Return the sensor that asks for months whose days are there and whose pictures are not."""

    @dg.sensor(
        name="pictures_sensor",
        job=pictures_job,
        minimum_interval_seconds=_SECONDS,
        description="Months all of whose days lie in the lake, and which have no pictures yet.",
        default_status=sensor_status(unattended=unattended),
    )
    def sensor(
        context: dg.SensorEvaluationContext,
        lake: dg.ResourceParam[OpenLake],
        hospital: dg.ResourceParam[OpenHospital],
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        own_lake = lake()
        drawn = months_with_pictures(own_lake)
        under_way = days_under_way(context.instance, pictures_job.name, PICTURE_ASSETS)
        wanted = [
            month
            for month in months_of_whole_days(own_lake, hospital())
            if month not in drawn and month not in under_way
        ]
        if not wanted:
            yield dg.SkipReason(f"{len(drawn)} months have pictures, and no other is whole")
        for month in wanted[:_MONTHS_AT_ONCE]:
            yield dg.RunRequest(partition_key=month.isoformat())

    return sensor


def months_of_whole_days(lake: Lake, hospital: Hospital) -> list[date]:
    """Return the months all of whose days lie in the lake, in order."""
    read = {name for theme in THEMES for name in theme.reads}
    contracts = [row.contract for row in IN_BATCH_LAKE if row.name in read]
    there = set.intersection(*(lake.complete_days(contract) for contract in contracts))
    months = whole_months(hospital.period)
    return [month for month in months if there.issuperset(month_of(month).days)]


def months_with_pictures(lake: Lake) -> set[date]:
    """Return the months of which every picture is there."""
    reports = Reports(lake.root)
    return set.intersection(*(reports.months(theme.name, theme.pictures) for theme in THEMES))
