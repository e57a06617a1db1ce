"""What the page says of an asset, in Markdown: derived from the contract of its record."""

from datetime import timedelta

import dagster as dg

from hospital_assets.assets.partitions import period_of
from hospital_assets.calendar.period import Period
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.stream_type import StreamType
from hospital_assets.registry import registration
from hospital_assets.resources.warehouse.schema import SCHEMA


def of_files(record: RecordType, daily: dg.PartitionsDefinition, folder: str) -> str:
    """Describe the daily files of a record that lie in the folder, as Parquet there."""
    first = period_of(daily).first_day
    return _sections(
        record.grain + _made_from(record),
        f"**Where it lies**: one file a day, as Parquet in `{folder}` and as CSV beside it; the"
        f" same rows are in PostgreSQL, table `{SCHEMA}.{record.name}`.",
        _code(
            "python",
            f'polars.read_parquet("{folder}/{record.name}-{first}.parquet")',
        ),
        _question(record),
        _days(period_of(daily)),
        "**To see it over time**: *Plots*, below *Metadata*; choose *Events* there, since"
        " *Partitions* draws the last 120 days of the period alone.",
    )


def of_table(record: RecordType, daily: dg.PartitionsDefinition) -> str:
    """Describe the table of a record."""
    kept = "" if record.is_daily else " The table keeps each person once, as last seen."
    return _sections(
        record.grain + kept,
        f"**Where it lies**: PostgreSQL, table `{SCHEMA}.{record.name}`, loaded from the files of"
        f" `{record.name}` in the lake. `hospital sql` opens the database.",
        _question(record),
        _days(period_of(daily)),
    )


def of_events(kind: StreamType, daily: dg.PartitionsDefinition) -> str:
    """Describe the events of a stream type on their way."""
    grain = kind.record.grain.removeprefix("One row is ").rstrip(".")
    return _sections(
        f"One event is {grain}; those of the day's slots that are due are sent. A slot is a part"
        " of a day whose events are published together.",
        f"**Where it lies**: Kafka, topic `{kind.event_type}` unless the settings name another.",
        _code("console", f"hospital tail --stream {kind.name} --from-start"),
        "**What one learns from it**: what arrives, in the order in which it was sent.",
        _days(period_of(daily)),
    )


def of_landed(kind: StreamType, daily: dg.PartitionsDefinition) -> str:
    """Describe the rows that come from the events of a stream type."""
    record = kind.record
    return _sections(
        f"{record.grain} Each event is landed once, however often it was sent.",
        f"**Where it lies**: PostgreSQL, table `{SCHEMA}.{record.name}`, and files of the messages"
        f" in `lake/stream/{record.name}`. A message that is no event becomes a dead letter.",
        _question(record),
        _days(period_of(daily)),
    )


def _made_from(record: RecordType) -> str:
    names = " and ".join(f"`{one.name}`" for one in registration(record).reads)
    return f" The rows go by those of {names}." if names else ""


def _question(record: RecordType) -> str:
    asked = record.question
    if asked is None:
        return ""
    return f"**What one learns from it**: {asked.text}\n\n{_code('sql', asked.sql)}"


def _days(period: Period) -> str:
    week = f"{period.first_day}...{period.first_day + timedelta(days=6)}"
    return (
        f"**To make days**: *Materialize*, then choose a day, or type a range such as `[{week}]`."
        f" *Latest* is the last day of the period, {period.last_day}, and not the newest day that"
        " is there."
    )


def _code(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _sections(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
