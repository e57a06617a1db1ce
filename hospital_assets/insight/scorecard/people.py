"""People: names, births, homes, places, numbers and deaths of those who are registered."""

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import Measured, mean, rate, ratio, share, share_of

# Registered so far that a home is as good as whole.
_NEARLY_ALL = 0.9

# The most frequent names given to boys and girls in 2017.
_BOYS = ["Enzokuhle", "Lethabo", "Melokuhle", "Lubanzi", "Amogelang", "Siyabonga", "Bandile",
         "Junior", "Bokamoso", "Mpho"]  # fmt: skip
_GIRLS = ["Enzokuhle", "Melokuhle", "Amahle", "Lethabo", "Amogelang", "Omphile", "Lesedi",
          "Rethabile"]  # fmt: skip
_IN_USE = [*(f"06{n}" for n in range(10)), "071", "072", "073", "074", "076", "078", "079",
           "081", "082", "083", "084"]  # fmt: skip
_LANGUAGES = {"isizulu": "zulu", "sesotho": "^sesotho", "sepedi": "sepedi|northern sotho",
              "setswana": "tswana", "english": "english", "afrikaans": "afrikaans",
              "xitsonga": "tsonga", "isixhosa": "xhosa"}  # fmt: skip


def _part(
    table: str, condition: pl.Expr, among: pl.Expr | None = None
) -> Callable[[Evidence], Measured | None]:
    """Return how to measure the share of the people in a table on whom a condition holds."""

    def measure(seen: Evidence) -> Measured | None:
        rows = seen.tables[table]
        if among is not None:
            rows = rows.filter(among)
        return share(int(rows.filter(condition)["len"].sum()), int(rows["len"].sum()))

    return measure


def _known_homes(seen: Evidence) -> float:
    """Return of how many of the people the home is known."""
    return seen.tables["homes"].height / seen.facts.people


def _births_scatter(seen: Evidence) -> Measured | None:
    """Return variance by mean of births a day in 2003 to 2006, month by month.

    If births scatter at least as Poisson's, those of a part of the people do so as well.
    """
    births = seen.tables["births"].filter(pl.col("date_of_birth").dt.year().is_between(2003, 2006))
    month = pl.col("date_of_birth").dt.truncate("1mo")
    months = (
        births.sort("date_of_birth")
        .group_by(month, maintain_order=True)
        .agg(by_mean=pl.col("len").var() / pl.col("len").mean())
    )
    return mean(months["by_mean"])


def _weekend_births(seen: Evidence) -> Measured | None:
    births = seen.tables["births"].filter(pl.col("date_of_birth").dt.year() >= 2000)
    weekend = births["date_of_birth"].dt.weekday() >= 6
    inside, outside = births.filter(weekend)["len"], births.filter(~weekend)["len"]
    return ratio(float(inside.sum()), len(inside), float(outside.sum()), len(outside))


def _born_in(month: int) -> Callable[[Evidence], Measured | None]:
    born = pl.col("date_of_birth").dt
    return _part("births", born.month() == month, born.year().is_between(2000, 2019))


def _commonest_surname(seen: Evidence) -> Measured | None:
    surnames = seen.tables["surnames"]["len"].to_numpy()
    return share(int(surnames.max()), int(surnames.sum()))


def _pairs(values: pl.Series) -> int:
    """Return how many pairs have the same value; by sorting, which takes no more memory."""
    ordered = np.sort(values.to_numpy())
    ends = np.flatnonzero(np.concatenate([ordered[1:] != ordered[:-1], [True]]))
    counts = np.diff(ends, prepend=-1)
    return int((counts * (counts - 1)).sum() // 2)


def _others_at_home(seen: Evidence) -> Measured | None:
    """Return how many others live at a person's address, as if all people were known."""
    people = seen.tables["homes"].height
    return rate(_pairs(seen.tables["homes"]["home"]), people / 2 * _known_homes(seen))


def _household(seen: Evidence) -> Measured | None:
    if _known_homes(seen) < _NEARLY_ALL:
        return None
    homes = seen.tables["homes"]
    return rate(homes.height, homes["home"].n_unique())


def _surname_at_home(seen: Evidence) -> Measured | None:
    homes = seen.tables["homes"]
    return share(_pairs(homes["home_and_surname"]), _pairs(homes["home"]))


def _death_rate(sex: str, age: int) -> Callable[[Evidence], Measured | None]:
    """Return how to measure the deaths a year of 1,000 people of a sex in ten years of age."""

    def measure(seen: Evidence) -> Measured | None:
        band = seen.facts.pyramid.filter(
            pl.col("sex") == sex, pl.col("age").is_between(age, age + 9)
        )
        lived = (pl.col("deceased_on") - pl.col("date_of_birth")).dt.total_days() / 365.25
        dead = seen.tables["deaths"].filter(
            pl.col("sex") == sex, lived.is_between(age, age + 10, "left")
        )
        return rate(dead.height, float(band["people"].sum()) * seen.undigitised_years / 1000)

    return measure


def _deaths_of_all(seen: Evidence) -> Measured | None:
    """Return the deaths a year of 1,000 people who were born before the campaign.

    The files that have their turn in these days are a sample of all of these; the living among them
    tell how many live.
    """
    share_of_campaign = seen.days.length / seen.facts.campaign.length
    living = seen.tables["homes"].height / share_of_campaign
    return rate(seen.tables["deaths"].height, living * seen.undigitised_years / 1000)


def _deaths_of_the_old(seen: Evidence) -> Measured | None:
    lived = (pl.col("deceased_on") - pl.col("date_of_birth")).dt.total_days() / 365.25
    return share_of(seen.tables["deaths"], lived >= 65)


def _deaths_here(seen: Evidence) -> Measured | None:
    """Return the share of all deaths that happen in the hospital."""
    deaths = seen.tables["deaths"]
    died = deaths.join(
        seen.encounters.filter(pl.col("disposition") == "died"), on="person_id", how="semi"
    )
    return share(died.height, deaths.height)


def _deaths_of_2021(seen: Evidence) -> Measured | None:
    """Return how many more died in 2021 than in 2023."""
    if date(2021, 1, 1) not in seen.days or date(2023, 12, 31) not in seen.days:
        return None
    years = seen.tables["deaths"]["deceased_on"].dt.year()
    one, other = (
        (float((years == year).sum()), seen.undigitised_years_of(year)) for year in (2021, 2023)
    )
    return ratio(*one, *other)


_IS = pl.col
_LANGUAGE = pl.col("language").cast(pl.String).str.to_lowercase()
_MEASURES = [
    Measure("commonest_surname", _commonest_surname),
    Measure("surname_dlamini", _part("surnames", _IS("last_name") == "Dlamini")),
    Measure(
        "men_called_thabo",
        _part("first_names", _IS("first_name").str.starts_with("Thabo"),
              (_IS("sex") == "male") & (_IS("cohort") <= 2)),
    ),
    Measure(
        "newborn_boys_names",
        _part("first_names", _IS("first_name").str.extract(r"^(\S+)").is_in(_BOYS),
              (_IS("sex") == "male") & (_IS("cohort") == 4)),
    ),
    Measure(
        "newborn_girls_names",
        _part("first_names", _IS("first_name").str.extract(r"^(\S+)").is_in(_GIRLS),
              (_IS("sex") == "female") & (_IS("cohort") == 4)),
    ),
    Measure("births_scatter", _births_scatter),
    Measure("births_at_weekends", _weekend_births),
    Measure("births_in_january", _born_in(1)),
    Measure("births_in_march", _born_in(3)),
    Measure("household_size", _household),
    Measure("others_at_home", _others_at_home),
    Measure("surname_at_home", _surname_at_home),
    Measure("from_soweto", _part("suburbs", _IS("city") == "Soweto")),
    Measure("from_diepkloof", _part("suburbs", _IS("suburb") == "Diepkloof")),
    Measure("from_dobsonville", _part("suburbs", _IS("suburb") == "Dobsonville")),
    Measure("prefixes_in_use", _part("phones", _IS("prefix").is_in(_IN_USE))),
    Measure("permanent_residents", _part("id_kinds", _IS("id_kind") == "permanent resident")),
    Measure("without_id_number", _part("id_kinds", _IS("id_kind") == "none")),
    Measure("deaths_of_1000", _deaths_of_all),
    Measure("deaths_65_and_over", _deaths_of_the_old),
    Measure("deaths_2021_to_2023", _deaths_of_2021),
    Measure("deaths_in_hospital", _deaths_here),
    *(
        Measure(f"deaths_of_{plural}_{age}_{age + 9}", _death_rate(sex, age))
        for plural, sex in (("women", "female"), ("men", "male"))
        for age in (25, 45, 65)
    ),
    *(
        Measure(
            f"language_{name}",
            _part("languages", _LANGUAGE.str.contains(is_)),
        )
        for name, is_ in _LANGUAGES.items()
    ),
    *(
        Measure(
            f"payer_{kind.lower()}",
            _part("payers", _IS("payer_class") == kind),
        )
        for kind in ("H0", "H1", "H2", "H3")
    ),
    Measure(
        "foreign_citizens",
        _part("citizenships",
              _IS("citizenship").is_in(["foreign_national", "undocumented"])),
    ),
    Measure("next_of_kin_named", _part("kin", _IS("named"))),
]  # fmt: skip
MEASURES = tuple(_MEASURES)
