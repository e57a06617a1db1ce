"""The asset graph: every record of the registry as the assets of its module in this folder."""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec

import dagster as dg

from hospital_assets.assets.partitions import daily_partitions
from hospital_assets.calendar.period import Period
from hospital_assets.registry import Registration, RegistryError

_Maker = Callable[[dg.PartitionsDefinition], list[dg.AssetsDefinition]]


def assets_of(rows: Iterable[Registration], period: Period) -> list[dg.AssetsDefinition]:
    """Return the assets of some records, partitioned by the days of the period.

    Raises RegistryError if a record has no module here.
    """
    daily = daily_partitions(period)
    return [asset for row in rows for asset in _maker(row)(daily)]


def _maker(row: Registration) -> _Maker:
    name = f"{__package__}.{row.name}"
    module = import_module(name) if find_spec(name) else None
    make: _Maker | None = getattr(module, "assets", None)
    if make is None:
        file = f"{name.replace('.', '/')}.py"
        raise RegistryError(f"{row.name} has no assets: write {file}, like the others there")
    return make
