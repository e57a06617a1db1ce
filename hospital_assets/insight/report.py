"""The report: one HTML page about some days, which needs nothing from elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources

import polars as pl
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from hospital_assets.calendar.period import Period
from hospital_assets.insight import headline
from hospital_assets.insight.figures import Figures
from hospital_assets.insight.headline import Tile
from hospital_assets.insight.pictures import beds as of_beds
from hospital_assets.insight.pictures import patients as of_patients
from hospital_assets.insight.pictures import roster as of_roster
from hospital_assets.insight.pictures import scorecard
from hospital_assets.insight.pictures.style import Chart, svg
from hospital_assets.insight.scorecard.scoring import Line
from hospital_assets.insight.scorecard.target import Targets

Drawing = Callable[[Figures, pl.DataFrame], Chart]

_TEMPLATE = "report.html"


@dataclass(frozen=True)
class Table:
    """A record in the data: what one row is, and how many rows the days have."""

    name: str
    grain: str
    rows: int


@dataclass(frozen=True)
class Contents:
    """What a report is about.

    `hospital` names the simulation, and `sources` say in words where its records were read.
    """

    hospital: str
    days: Period
    figures: Figures
    beds: pl.DataFrame
    tables: Sequence[Table]
    lines: Sequence[Line]
    targets: Targets
    sources: str


@dataclass(frozen=True)
class _Section:
    title: str
    text: str
    pictures: Sequence[Markup]


def page(contents: Contents) -> str:
    """Return the report as HTML."""
    template = resources.files("hospital_assets.data") / _TEMPLATE
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)  # fmt: skip
    lines = contents.lines
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        hospital=contents.hospital,
        days=contents.days,
        tiles=_tiles(contents),
        sections=_sections(contents),
        tables=contents.tables,
        sources=contents.sources,
        overview=Markup(svg(scorecard.overview(lines))),  # noqa: S704
        themes=[Markup(svg(one)) for one in _themes(contents)],  # noqa: S704
        verdicts=[
            (verdict, sum(line.verdict == verdict for line in lines), colour)
            for verdict, colour in scorecard.VERDICTS.items()
        ],
    )


def _tiles(contents: Contents) -> list[Tile]:
    return headline.tiles(contents.figures, contents.beds, contents.days)


def _sections(contents: Contents) -> list[_Section]:
    found, beds = contents.figures, contents.beds
    return [
        _section(contents, "Beds", f"{headline.busiest(found)} {headline.fullest(found, beds)}",
                 of_beds.census, of_beds.departments, of_beds.coming_and_going, of_beds.moves),
        _section(contents, "Patients", "Who comes, when, with what, and for how long. A stay in a"
                 " bed, an attendance in the emergency department and a visit to a clinic are an"
                 " encounter each.",
                 of_patients.hours, of_patients.week, of_patients.pyramid, of_patients.lengths),
        _section(contents, "Epidemics and seasons", "Stays by their main diagnosis.",
                 of_patients.epidemics),
        _section(contents, "Roster", "A planned shift is worked by the holder of its post, by"
                 " somebody of the reserve who is called in, or by nobody.",
                 of_roster.cover, of_roster.unworked),
    ]  # fmt: skip


def _section(contents: Contents, title: str, text: str, *drawings: Drawing) -> _Section:
    pictures = [svg(drawing(contents.figures, contents.beds)) for drawing in drawings]
    return _Section(title, text, [Markup(one) for one in pictures])  # noqa: S704


def _themes(contents: Contents) -> list[Chart]:
    by_theme: dict[str, list[Line]] = {}
    for line in contents.lines:
        if line.value is not None:
            by_theme.setdefault(line.theme, []).append(line)
    return [
        scorecard.theme(lines, contents.targets.targets[theme]) for theme, lines in by_theme.items()
    ]
