"""The themes of the pictures: what each shows, and from which figures. Draws nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from hospital_assets.insight.figures import FIGURES


@dataclass(frozen=True)
class Theme:
    """Some pictures that belong together: their names, the first of which stands for them all."""

    name: str
    description: str
    figures: tuple[str, ...]
    pictures: tuple[str, ...]

    @property
    def reads(self) -> Sequence[str]:
        """The records that the figures are counted from."""
        return list(dict.fromkeys(name for one in self.figures for name in FIGURES[one].reads))


THEMES = (
    Theme(
        "beds",
        "Pictures of a month's beds: the census with COVID-19 and without, each department's beds"
        " that are taken, admissions and discharges, moves and transfers.",
        ("census", "flow"),
        ("census", "departments", "coming_and_going", "moves"),
    ),
    Theme(
        "arrivals",
        "Pictures of when patients come in a month: by hour of the day, and by weekday and hour.",
        ("arrivals",),
        ("hours", "week"),
    ),
    Theme(
        "patients",
        "Pictures of who comes in a month and for how long: ages by sex and setting, length of"
        " stay by illness.",
        ("ages", "stays"),
        ("pyramid", "lengths"),
    ),
    Theme(
        "epidemics",
        "A picture of a month's admissions for what comes in waves and seasons.",
        ("admissions",),
        ("epidemics",),
    ),
    Theme(
        "roster",
        "Pictures of a month's roster: who works the planned shifts, and which nobody works.",
        ("roster",),
        ("unworked", "cover"),
    ),
)
