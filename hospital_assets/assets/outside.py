"""What Dagster shows and doesn't make: the simulation with its parameters, and the dead letters."""

from collections.abc import Iterable
from pathlib import Path

import dagster as dg

from hospital_assets.assets.code_references import code_references
from hospital_assets.assets.groups import OWNERS, SIMULATION, STREAM
from hospital_assets.assets.metadata import columns_of_table
from hospital_assets.configuration.settings import load_settings
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.simulation import hospital

CONFIGS = dg.AssetKey("configs")
SIMULATED = dg.AssetKey("simulation")
DEAD_LETTERS = dg.AssetKey("dead_letters")


def simulation_specs() -> list[dg.AssetSpec]:
    """Return the parameters of the hospital, and the simulation that follows from them."""
    folder = load_settings().configs.resolve()
    parameters = dg.AssetSpec(
        CONFIGS,
        group_name=SIMULATION,
        owners=OWNERS,
        kinds={"toml", "json"},
        description=(
            "One file is a theme of the hospital: its beds, its staff, its diagnoses. Each number"
            f" stands beside its source.\n\n**Where it lies**: `{folder}`\n\n"
            "**What one learns from it**: why the hospital is as it is, and what to change for"
            " another one. A database and a lake belong to one hospital; for another one, use"
            " others."
        ),
        metadata={"dagster/uri": str(folder), **code_references(folder / "hospital.toml")},
    )
    simulation = dg.AssetSpec(
        SIMULATED,
        deps=[CONFIGS],
        group_name=SIMULATION,
        owners=OWNERS,
        kinds={"python", "numpy", "polars"},
        description=(
            "The hospital itself, as a pure function: the same seed and day give the same rows,"
            " byte for byte, in any order and on any machine. Nothing is stored and no service is"
            " asked.\n\n**What one learns from it**: any day, without a server:\n\n"
            "```console\nhospital generate 2021-03-01 2021-03-31 --out march\n```\n\n"
            "How it works stands in `docs/model.md`."
        ),
        metadata=code_references(Path(str(hospital.__file__))),
    )
    return [parameters, simulation]


def dead_letter_spec(kinds: Iterable[StreamType]) -> dg.AssetSpec:
    """Return the messages of all streams that could not be landed."""
    return dg.AssetSpec(
        DEAD_LETTERS,
        deps=[kind.events_asset for kind in kinds],
        group_name=STREAM,
        owners=OWNERS,
        kinds={"kafka", "postgres"},
        description=(
            "One row is a message that is no event, or contradicts one. It is kept as it came,"
            " with the reason, and never stops those behind it. An empty table is the normal"
            f" case.\n\n**Where it lies**: PostgreSQL, table `{SCHEMA}.dead_letters`, and a Kafka"
            " topic with `.dlq` behind the name of the stream's.\n\n**What one learns from it**:"
            " what others have sent, why it is no event, and whether it was sent again:\n\n"
            "```console\nhospital dead-letters list\n```"
        ),
        metadata={
            "dagster/table_name": f"{SCHEMA}.dead_letters",
            "dagster/column_schema": columns_of_table("dead_letters"),
        },
    )
