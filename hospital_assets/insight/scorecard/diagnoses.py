"""Diagnoses: what people come with, and what else they have."""

from collections.abc import Callable

import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import Measured, mean, share_of
from hospital_assets.insight.scorecard.stays import MEDICINE, has_code

_HIV = "^(B2[0-4]|Z21|O98.7)"
_INJURY = "^(S|T[0-7])"
_EXTERNAL = "^[VWXY]"
_MIX = {
    "pneumonia": "^J1[2-8]",
    "tuberculosis": "^(A1[5-9]|B20.0)",
    "heart_failure": "^I50",
    "stroke": "^I6[0-4]",
    "diabetes": "^E1[0-4]",
    "sepsis_meningitis": "^(A4[01]|G0[0-3]|B45)",
}


def _of_stays(seen: Evidence) -> pl.DataFrame:
    """Return a row a stay that begins: its number of diagnoses and what is among them."""
    code = pl.col("icd10_code").sort_by("sequence")
    found = (
        seen.tables["diagnoses"]
        .group_by("encounter_id")
        .agg(
            pl.len().alias("number"),
            code.get(0, null_on_oob=True).alias("first"),
            code.get(1, null_on_oob=True).alias("second"),
            pl.col("icd10_code").str.contains(_HIV).any().alias("hiv"),
            pl.col("icd10_code").str.contains("^E1[0-4]").any().alias("diabetes"),
        )
    )
    return seen.admissions.join(found, on="encounter_id")  # fmt: skip


def _admitted_for(pattern: str) -> Callable[[Evidence], Measured | None]:
    return lambda seen: share_of(seen.admissions.filter(MEDICINE), has_code(pattern))


def _stays(condition: pl.Expr, *among: pl.Expr) -> Callable[[Evidence], Measured | None]:
    return lambda seen: share_of(_of_stays(seen).filter(*among), condition)


def _keeps(column: str) -> Callable[[Evidence], Measured | None]:
    """Return how to measure how many who have it in one stay have it in their next one as well."""

    def measure(seen: Evidence) -> Measured | None:
        later = pl.col(column).shift(-1).over("person_id")
        stays = _of_stays(seen).sort("person_id", "admitted_at").with_columns(again=later)
        return share_of(
            stays.filter(pl.col(column), pl.col("again").is_not_null()), pl.col("again")
        )

    return measure


def _main_is_first(seen: Evidence) -> Measured | None:
    return share_of(_of_stays(seen), pl.col("diagnosis_code") == pl.col("first"))


def _present(seen: Evidence) -> Measured | None:
    of_stays = seen.tables["diagnoses"].join(seen.admissions, on="encounter_id", how="semi")
    return share_of(of_stays, pl.col("present_on_admission") == "Y")


MEASURES = (
    *(Measure(f"mix_{name}", _admitted_for(pattern)) for name, pattern in _MIX.items()),
    Measure("external_cause_as_main", lambda seen: share_of(seen.arrivals, has_code(_EXTERNAL))),
    Measure(
        "assaulted_men",
        lambda seen: share_of(
            seen.with_code(seen.arrivals, "^(X9[1-9]|Y0[0-4])"), pl.col("sex") == "male"
        ),
    ),
    Measure("diagnoses_a_stay", lambda seen: mean(_of_stays(seen)["number"])),
    Measure("two_or_more", _stays(pl.col("number") >= 2, MEDICINE)),
    Measure(
        "diagnoses_65_and_over",
        lambda seen: mean(_of_stays(seen).filter(pl.col("age_years") >= 65)["number"]),
    ),
    Measure(
        "injuries_with_cause",
        _stays(pl.col("second").str.contains(_EXTERNAL), pl.col("first").str.contains(_INJURY)),
    ),
    Measure("main_is_first", _main_is_first),
    Measure("hiv_medicine", _stays(pl.col("hiv"), MEDICINE)),
    Measure("hiv_adults", _stays(pl.col("hiv"), pl.col("age_years") >= 15)),
    Measure("hiv_children", _stays(pl.col("hiv"), pl.col("age_years") < 13)),
    *(
        Measure(
            f"hiv_mothers_{low}_{high}",
            _stays(pl.col("hiv"), has_code("^O8[0-4]"), pl.col("age_years").is_between(low, high)),
        )
        for low, high in ((15, 19), (20, 24), (25, 29), (30, 34), (35, 49))
    ),
    Measure("hiv_stays", _keeps("hiv")),
    Measure("diabetes_stays", _keeps("diabetes")),
    Measure("present_on_admission", _present),
)
