"""Every drawing by its name, and how the pictures of a theme are drawn."""

from collections.abc import Callable, Mapping

import polars as pl

from hospital_assets.insight.figures import Figures
from hospital_assets.pictures import beds, patients, roster
from hospital_assets.pictures.style import Chart, jpeg, svg
from hospital_assets.pictures.themes import Theme

# A page shows it beside a hundred others.
_PREVIEW_SCALE = 0.4

DRAWINGS: Mapping[str, Callable[[Figures, pl.DataFrame], Chart]] = {
    one.__name__: one
    for one in (
        beds.census,
        beds.departments,
        beds.coming_and_going,
        beds.moves,
        patients.hours,
        patients.week,
        patients.pyramid,
        patients.lengths,
        patients.epidemics,
        roster.cover,
        roster.unworked,
    )
}


def drawn(theme: Theme, found: Figures, beds_: pl.DataFrame) -> dict[str, str]:
    """Return the pictures of a theme as SVG, by name."""
    return {name: svg(DRAWINGS[name](found, beds_)) for name in theme.pictures}


def preview(theme: Theme, found: Figures, beds_: pl.DataFrame) -> bytes:
    """Return the theme's first picture as a small JPEG."""
    return jpeg(DRAWINGS[theme.pictures[0]](found, beds_), _PREVIEW_SCALE)
