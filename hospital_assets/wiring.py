"""What assets, sensors and schedules are given: the simulation, the lake, the database, Kafka."""

from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import dagster as dg

from hospital_assets.installation import prepare
from hospital_assets.local.admissions import kept_admissions
from hospital_assets.local.state import StateFolder
from hospital_assets.profile import fingerprint, load_hospital
from hospital_assets.resources.lake import Lake
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.resources.warehouse import Warehouse
from hospital_assets.settings import Settings, load_settings
from hospital_assets.simulation import Hospital

# One process a run: a day is done in less time than another process takes to start.
EXECUTOR = dg.in_process_executor


@dg.resource(description="The simulation, once the database is known to be about it.")
def simulated_hospital(_: dg.InitResourceContext) -> Hospital:
    """Return the hospital of the settings; raises OtherHospitalError where the database differs."""
    hospital = _hospital()
    prepare(Warehouse(), fingerprint(hospital), load_settings(), datetime.now(UTC))
    return hospital


@cache
def _hospital() -> Hospital:
    """Return the hospital of the settings, with the admissions that an earlier process has kept."""
    known = load_hospital()
    admit = partial(kept_admissions, StateFolder(load_settings().state))
    return Hospital(known.seed, known.parameters, known.vocabulary, admit)


def resources(settings: Settings) -> dict[str, Any]:
    """Return every resource by the name that assets call it; none is opened before it is used."""
    return {
        "hospital": simulated_hospital,
        "lake": Lake(root=settings.lake),
        "warehouse": Warehouse(),
        "stream": Stream(root=settings.lake),
    }
