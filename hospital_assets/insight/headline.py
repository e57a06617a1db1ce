"""The headline of some days: the few figures that say at a glance what the hospital was like."""

from dataclasses import dataclass

import polars as pl

from hospital_assets.calendar.period import Period
from hospital_assets.insight.figures import Figures


@dataclass(frozen=True)
class Tile:
    """A figure in large letters: the `value`, what it is, and a remark."""

    value: str
    label: str
    remark: str = ""


def tiles(found: Figures, beds: pl.DataFrame, days: Period) -> list[Tile]:
    """Return the headline's figures."""
    flow, roster, stays = found["flow"], found["roster"], found["stays"]
    deaths, transfers = _sum(flow, "deaths"), _sum(flow, "transfers")
    taken = _sum(flow, "census") / days.length
    all_beds = _sum(beds, "beds")
    came = _ways(found)
    coming = found["arrivals"].group_by("kind").agg(pl.col("len").sum())
    emergency = _sum(coming.filter(pl.col("kind").str.starts_with("emergency")), "len")
    clinics = _sum(coming.filter(pl.col("kind") == "clinics"), "len")
    planned = _sum(roster, "len")
    nobody = _sum(roster.filter(pl.col("worked_by") == "nobody"), "len")
    return [
        Tile(f"{100 * taken / all_beds:.0f} %", "of beds taken at midnight",
             f"{taken:,.0f} of {all_beds:,}"),
        Tile(f"{sum(came.values()):,}", "admissions", _each(sum(came.values()), days)),
        Tile(f"{emergency:,}", "emergency attendances", _each(emergency, days)),
        Tile(f"{clinics:,}", "clinic visits", _each(clinics, days)),
        Tile(f"{came.get('newborn', 0):,}", "births here", _each(came.get("newborn", 0), days)),
        Tile(f"{deaths:,}", "deaths in beds",
             f"{_share(_sum(stays, 'died'), stays.height)} of the stays that ended"),
        Tile(f"{transfers:,}", "transfers to other facilities",
             _each(transfers, days)),
        Tile(_share(planned - nobody, planned), "of planned shifts worked",
             f"{planned:,} shifts planned"),
    ]  # fmt: skip


def fullest(found: Figures, beds: pl.DataFrame) -> str:
    """Return in a sentence which departments were fullest, and on how many days."""
    full = pl.col("census") >= 0.95 * pl.col("beds")
    rows = (
        found["flow"]
        .join(beds, on="department")
        .group_by("department")
        .agg(share=100 * pl.col("census").sum() / pl.col("beds").sum(), full=full.sum())
        .sort("share", "department", descending=[True, False])
    )
    days = found["flow"]["day"].n_unique()
    named = (
        f"{row['department']} ({row['share']:.0f} % of its beds taken, "
        f"95 % or more on {row['full']} of {days} days)"
        for row in rows.head(2).iter_rows(named=True)
    )
    return f"Fullest: {' and '.join(named)}."


def busiest(found: Figures) -> str:
    """Return in a sentence the days with most and fewest patients in beds."""
    rows = found["census"].select("day", patients=pl.col("covid") + pl.col("others"))
    most, fewest = (rows.sort("patients", "day")[place].row(0) for place in (-1, 0))
    return f"Most patients on {most[0]}: {most[1]:,}; fewest on {fewest[0]}: {fewest[1]:,}."


def _sum(rows: pl.DataFrame, column: str) -> int:
    return int(rows[column].sum())


def _ways(found: Figures) -> dict[str, int]:
    rows = found["admissions"].group_by("way").agg(pl.col("len").sum())
    return dict(rows.iter_rows())


def _each(number: int, days: Period) -> str:
    return f"{number / days.length:,.1f} a day"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"
