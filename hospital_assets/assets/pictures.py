"""Pictures: what a month of the hospital was like, drawn from its days in the lake."""

import base64
from datetime import date

import dagster as dg

from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.groups import INSIGHT, OWNERS
from hospital_assets.assets.partitions import days_of, monthly_partitions
from hospital_assets.calendar.period import Period, month_of
from hospital_assets.insight.figures import beds_of, count
from hospital_assets.pictures.themes import THEMES, Theme
from hospital_assets.registry import IN_BATCH_LAKE
from hospital_assets.resource_definitions import OpenHospital, OpenLake
from hospital_assets.resources.lake.reports import Reports
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.simulation import Hospital

PICTURES = "pictures"
# A month takes a second or two; a year a run keeps a backfill's list short.
_BACKFILLS = dg.BackfillPolicy.multi_run(max_partitions_per_run=12)
_CONTRACTS = {row.name: row.contract for row in IN_BATCH_LAKE}


def picture_key(theme: Theme) -> dg.AssetKey:
    """Return the asset key of a theme's pictures."""
    return dg.AssetKey([PICTURES, theme.name])


def picture_assets(period: Period) -> list[dg.AssetsDefinition]:
    """Return the pictures of every theme, partitioned by the whole months of the period.

    A period without a whole month has no pictures.
    """
    monthly = monthly_partitions(period)
    return [] if monthly is None else [pictures(theme, monthly) for theme in THEMES]


def pictures(theme: Theme, monthly: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that draws a theme's pictures of a month, once its days are there."""

    @dg.asset(
        key=picture_key(theme),
        deps=[
            dg.AssetDep(name, partition_mapping=dg.TimeWindowPartitionMapping())
            for name in theme.reads
        ],
        partitions_def=monthly,
        backfill_policy=_BACKFILLS,
        group_name=INSIGHT,
        owners=OWNERS,
        kinds={"altair", "svg"},
        description=theme.description,
    )
    @fails_in_a_sentence
    def drawing(
        context: dg.AssetExecutionContext,
        hospital: dg.ResourceParam[OpenHospital],
        lake: dg.ResourceParam[OpenLake],
    ) -> dg.MaterializeResult:
        simulated, own_lake = hospital(), lake()
        for month in days_of(context):
            _draw(context, theme, month, simulated, own_lake)
        return dg.MaterializeResult()

    asset: dg.AssetsDefinition = drawing
    return asset


def _draw(
    context: dg.AssetExecutionContext, theme: Theme, month: date, hospital: Hospital, lake: Lake
) -> None:
    # Slow to import, and most runs draw nothing.
    from hospital_assets.pictures.drawings import drawn, preview

    days = month_of(month).days
    frames = {name: lake.read(_CONTRACTS[name], days) for name in theme.reads}
    found, beds = count(theme.figures, frames), beds_of(hospital.parameters)
    files = Reports(lake.root).write(theme.name, month, drawn(theme, found, beds))
    image = base64.b64encode(preview(theme, found, beds)).decode()
    context.add_asset_metadata(
        {
            **{name: dg.MetadataValue.path(place) for name, place in files.items()},
            "preview": dg.MetadataValue.md(
                f"![{theme.pictures[0]}](data:image/jpeg;base64,{image})"
            ),
        },
        partition_key=month.isoformat(),
    )
    context.log.info(f"{theme.name} {month:%B %Y}: {len(files)} pictures")
