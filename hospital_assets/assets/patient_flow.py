"""Patient flow: one row is a department's flow on the day, counted from batch and stream."""

from collections.abc import Collection, Mapping
from datetime import date

import dagster as dg
import polars as pl

from hospital_assets.assets.event_streams import slots_per_day
from hospital_assets.assets.extracts import Making, options, verdict
from hospital_assets.assets.failures import fails_in_a_sentence
from hospital_assets.assets.partitions import days_of, days_text
from hospital_assets.assets.tables import warehouse_table
from hospital_assets.calendar.period import Period, by_month
from hospital_assets.contracts.bed_movements import BED_MOVEMENTS
from hospital_assets.contracts.patient_flow import PATIENT_FLOW
from hospital_assets.contracts.patients import PATIENTS
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.insight.patient_flow import disagreements
from hospital_assets.registry import registration
from hospital_assets.resource_definitions import OpenHospital, OpenLake
from hospital_assets.resources.lake.resource import Lake
from hospital_assets.resources.stream.landed_ranges import Place
from hospital_assets.resources.stream.resource import Stream, Streams
from hospital_assets.resources.warehouse.counted_days import CountedDay
from hospital_assets.resources.warehouse.resource import Warehouse

AGREEMENT = "batch_and_stream_agree"
# What the mart is counted from, beside the transfers of the stream.
BATCH = (PATIENTS, BED_MOVEMENTS)
_NAMED = 5


def assets(daily: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """Return the mart in the lake, and its table."""
    return [flow(daily), warehouse_table(PATIENT_FLOW, daily)]


def flow(daily: dg.PartitionsDefinition) -> dg.AssetsDefinition:
    """Return the asset that counts days, and compares what batch and stream tell of them."""
    row = registration(PATIENT_FLOW)
    agreement = dg.AssetCheckSpec(
        AGREEMENT,
        asset=PATIENT_FLOW.name,
        description="Patients and transfers tell the same transfers, each as often: people,"
        " encounters, beds and times. Of a day that has not landed whole the stream may lack some.",
        blocking=True,
    )

    @dg.asset(**options(row, daily, [agreement]))
    @fails_in_a_sentence
    def counted(
        context: dg.AssetExecutionContext,
        hospital: dg.ResourceParam[OpenHospital],
        lake: dg.ResourceParam[OpenLake],
        warehouse: dg.ResourceParam[Warehouse],
        streams: dg.ResourceParam[Streams],
    ) -> dg.MaterializeResult:
        simulated, own_lake, stream = hospital(), lake(), streams[TRANSFERS.name]
        making = Making(context, row, simulated, own_lake)
        differing: list[pl.DataFrame] = []
        former: set[str] = set()
        # Before anything is read: what changes in between is counted again.
        landed = warehouse.digests(TRANSFERS)
        complete = stream.complete_days(slots_per_day(simulated))
        for days in by_month(days_of(context)):
            counted_from = sources(own_lake, landed, days.days)
            frames = {record.name: own_lake.read(record, days.days) for record in BATCH}
            frames[TRANSFERS.name] = warehouse.read(TRANSFERS, days.days)
            making.make(days, frames)
            recorded = stream.recorded_ids(days.days)
            found = disagreements(frames[PATIENTS.name], frames[TRANSFERS.name], complete, recorded)
            if len(found):
                differing.append(found)
                made = registration(TRANSFERS).rows(simulated, days, {})
                former |= recorded.difference(made["transfer_id"])
            warehouse.store_counted(PATIENT_FLOW, _counted(days, counted_from, found))
        return making.result(
            verdict(AGREEMENT, days_text(context), differing, _text(differing, stream, former))
        )

    asset: dg.AssetsDefinition = counted
    return asset


def sources(lake: Lake, landed: Mapping[date, str], days: list[date]) -> dict[date, dict[str, str]]:
    """Return the SHA-256 of what each day is counted from, by record."""
    return {
        day: {record.name: batch_digest(lake, record, day) for record in BATCH}
        | {TRANSFERS.name: landed.get(day, "")}
        for day in days
    }


def batch_digest(lake: Lake, record: RecordType, day: date) -> str:
    """Return the SHA-256 of a day of a record as it lies in the lake, nothing if it doesn't."""
    manifest = lake.manifest(record, day)
    return "" if manifest is None else manifest.csv.sha256


def _counted(
    days: Period, counted_from: dict[date, dict[str, str]], differing: pl.DataFrame
) -> dict[date, CountedDay]:
    wrong = set(differing["flow_date"])
    return {day: CountedDay(counted_from[day], day not in wrong) for day in days.days}


def _text(differing: list[pl.DataFrame], stream: Stream, former: Collection[str]) -> str:
    """Return in words what one side alone has, with where an event lies and what mends it.

    `former` has the events that our producer has published and the simulation doesn't make now.
    """
    found = [fact for frame in differing for fact in frame.iter_rows(named=True)]
    # First those that a command mends.
    named = sorted(found, key=lambda fact: fact["transfer_id"] is None)[:_NAMED]
    places = stream.places([fact["transfer_id"] for fact in named if fact["transfer_id"]])
    lines = [_line(fact, places.get(fact["transfer_id"]), stream, former) for fact in named]
    if len(found) > _NAMED:
        lines.append(f"and {len(found) - _NAMED} more")
    if any(fact["transfer_id"] in former for fact in found):
        lines.append(
            f"to have the stream follow the hospital as it is now: `{stream.start_over_command}`"
        )
    return "; ".join(lines)


def _line(
    fact: dict[str, object], place: Place | None, stream: Stream, former: Collection[str]
) -> str:
    what = f"{fact['flow_date']} encounter {fact['encounter_id']}"
    if place is None:
        return f"{what}: {fact['problem']}"
    text = (
        f"{what}: an event without a fact in the batch, {place.topic} partition {place.partition}"
        f" offset {place.offset}: "
    )
    if place.event_id in former:
        return f"{text}the hospital was another one when it was published"
    return f"{text}`{stream.set_aside_command(place)}`"
