"""Checks as the page shows them."""

import dagster as dg


def check_spec(
    name: str,
    asset: dg.AssetKey | str,
    daily: dg.PartitionsDefinition,
    description: str,
    *,
    blocking: bool,
) -> dg.AssetCheckSpec:
    """Return a check of an asset whose result is of the day that was made.

    Where a run is about many days, it is of them all.
    """
    return dg.AssetCheckSpec(
        name, asset=asset, description=description, blocking=blocking, partitions_def=daily
    )
