"""Pictures of the scorecard: how many of its lines are met, and how far each is from its target."""

import json
from collections.abc import Sequence

import altair as alt
import polars as pl

from hospital_assets.insight.scorecard.scoring import CHANCE, MET, MISSED, TOO_FEW_DAYS, Line
from hospital_assets.insight.scorecard.target import Target
from hospital_assets.pictures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    Chart,
    chart,
    colours,
)

VERDICTS = {MET: GREEN, CHANCE: ORANGE, MISSED: RED, TOO_FEW_DAYS: PALE}
# The target reaches from -1 to 1; what is farther out than this is drawn at the edge.
_EDGE = 3.0


def overview(lines: Sequence[Line]) -> Chart:
    """Lines by theme and verdict."""
    order = list(VERDICTS)
    rows = pl.DataFrame(
        [(line.theme, line.verdict, order.index(line.verdict)) for line in lines],
        schema=["theme", "verdict", "order"],
        orient="row",
    )
    counts = rows.group_by("theme", "verdict", "order").len().sort("theme", "order")
    themes = rows["theme"].unique(maintain_order=True).to_list()
    return chart("Lines of the scorecard", counts, 22 * len(themes)).mark_bar().encode(
        alt.Y("theme:N", sort=themes, title=None),
        alt.X("len:Q", title="lines"),
        colours("verdict", VERDICTS),
        alt.Order("order:O"),
    )  # fmt: skip


def theme(lines: Sequence[Line], targets: Sequence[Target]) -> Chart:
    """The lines of one theme that have a figure: the figure and its interval beside the target."""
    by_name = {target.name: target for target in targets}
    rows = pl.DataFrame(
        [_row(line, by_name[line.name]) for line in lines if line.value is not None],
        schema=_COLUMNS,
        orient="row",
    )
    names = rows["name"].to_list()
    # Two lines may have the same title, as "the same, Medicine" has.
    titles = json.dumps(dict(rows.select("name", "title").iter_rows()))
    base = chart(lines[0].theme, rows, 17 * len(names)).properties(width=230)
    labels = alt.Axis(labelExpr=f"({titles})[datum.value]", labelLimit=330, ticks=False)
    line = alt.Y("name:N", sort=names, title=None, axis=labels)
    outside = alt.Scale(domain=[-_EDGE, _EDGE])
    axis = alt.Axis(values=[-1, 1], labelExpr="datum.value < 0 ? 'low' : 'high'", title=None)
    wanted = base.mark_bar(color="#e3f1ec", height=14).encode(
        line, alt.X("from:Q", scale=outside, axis=axis), alt.X2("to:Q")
    )
    spans = base.mark_rule(color=GREY).encode(line, alt.X("low:Q"), alt.X2("high:Q"))
    dots = base.mark_point(filled=True, size=55, opacity=1).encode(
        line,
        alt.X("place:Q"),
        alt.Color(
            "verdict:N",
            scale=alt.Scale(domain=list(VERDICTS), range=list(VERDICTS.values())),
            legend=None,
        ),
    )
    said = base.mark_text(align="left", color=BLUE, fontSize=10).encode(
        line, alt.Text("said:N"), x=alt.value(240)
    )
    return alt.layer(wanted, spans, dots, said)


_COLUMNS = {
    "name": pl.String,
    "title": pl.String,
    "verdict": pl.String,
    "from": pl.Float64,
    "to": pl.Float64,
    "low": pl.Float64,
    "place": pl.Float64,
    "high": pl.Float64,
    "said": pl.String,
}


def _row(line: Line, target: Target) -> tuple[object, ...]:
    values = [place(value, target) for value in (line.low, line.value, line.high)]
    low = -_EDGE if target.low is None else -1.0
    high = _EDGE if target.high is None else 1.0
    said = f"{_short(line.value)} ({line.target} {line.unit}".strip() + ")"
    return (line.name, line.title, line.verdict, low, high, *values, said)


def place(value: float | None, target: Target) -> float:
    """Return where a value lies: -1 at the low end of its target, 1 at the high end."""
    low, high = target.low, target.high
    if value is None:
        return 0.0
    if low is not None and high is not None:
        half = (high - low) / 2 or abs(high) / 20 or 1.0
        found = (value - (low + high) / 2) / half
    elif high is not None:
        found = 1 + (value - high) / (abs(high) or 1.0)
    else:
        end = low or 0.0
        found = (value - end) / (abs(end) or 1.0) - 1
    # A picture needs no more; the last digits of a mean hang on the order of what is added up.
    return round(min(max(found, -_EDGE), _EDGE), 3)


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
