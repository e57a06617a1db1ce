"""Maternity: deliveries, mothers and newborns."""

from collections.abc import Callable

import polars as pl

from hospital_assets.insight.scorecard.evidence import Evidence, minutes
from hospital_assets.insight.scorecard.measure import Measure
from hospital_assets.insight.scorecard.measured import Measured, rate, share, share_of
from hospital_assets.insight.scorecard.stays import has_code

_DELIVERY = "^O8[0-4]"
_TEN_MONTHS = 300
_OBSTETRICS = "Obstetrics and Gynaecology"


def _deliveries(seen: Evidence) -> pl.DataFrame:
    return seen.admissions.filter(has_code(_DELIVERY))


def _newborns(seen: Evidence) -> pl.DataFrame:
    """Return the first stays of those who are born here."""
    return seen.admissions.filter(pl.col("admission_type") == "newborn")


def _mothers_aged(low: int, high: int) -> Callable[[Evidence], Measured | None]:
    aged = pl.col("age_years").is_between(low, high)
    return lambda seen: share_of(_deliveries(seen), aged)


def _a_day(seen: Evidence) -> Measured | None:
    beds = seen.facts.beds.get(_OBSTETRICS, 0)
    return rate(_deliveries(seen).height, beds * seen.days.length)


def _outside_beds(seen: Evidence) -> Measured | None:
    deliveries = seen.arrivals.filter(has_code(_DELIVERY))
    return share_of(deliveries, pl.col("encounter_class") == "outpatient")


def _too_soon(seen: Evidence) -> Measured | None:
    """Return the deliveries that follow another one of the same woman within ten months."""
    later = seen.arrivals.filter(has_code(_DELIVERY)).sort("person_id", "admitted_at")
    since = minutes(pl.col("admitted_at") - pl.col("admitted_at").shift(1).over("person_id"))
    return share_of(later, since < _TEN_MONTHS * 1440)


def _per_delivery(seen: Evidence) -> Measured | None:
    """Return how many are born here, for each delivery."""
    return rate(seen.tables["born"].height, _deliveries(seen).height)


def _neonatal_codes(seen: Evidence) -> Measured | None:
    """Return how many encounters with a code of the newborn are of somebody older than 28 days."""
    age = (pl.col("admitted_at").dt.date() - pl.col("date_of_birth")).dt.total_days()
    # Chronic disease that began at birth may be coded later in life.
    return share_of(seen.arrivals.filter(has_code("^P(0[0-9]|[1-8])")), age > 28)


def _newborns_dying(seen: Evidence) -> Measured | None:
    """Return how many who are born here die here within 28 days, of 1,000."""
    newborns = seen.tables["born"]
    lived = (pl.col("discharged_at").dt.date() - pl.col("date_of_birth")).dt.total_days()
    dead = (
        seen.encounters.filter(pl.col("disposition") == "died", lived <= 28)
        .join(newborns, on="person_id", how="semi")
        .height
    )
    return rate(dead, newborns.height / 1000)


def _mothers_dying(seen: Evidence) -> Measured | None:
    """Return how many women die in a stay for a pregnancy or birth, of 100,000 born alive here."""
    died = pl.col("disposition") == "died"
    dead = seen.stays.filter(has_code("^O"), died)
    return rate(dead.height, seen.tables["born"].height / 100_000)


def _stillborn(seen: Evidence) -> Measured | None:
    deliveries = seen.admissions.filter(has_code(_DELIVERY + "|^O36.4"))
    still = seen.with_code(deliveries, "^(Z37.[1-47]|O36.4)")
    return rate(still.height, deliveries.height / 1000)


def _twins(seen: Evidence) -> Measured | None:
    """Return how many births, by mother and day, are of twins."""
    children = seen.tables["mothers"].drop_nulls("mother_id")
    births = children.group_by("mother_id", "date_of_birth").len()
    return share_of(births, pl.col("len") == 2)


def _newborns_with(pattern: str) -> Callable[[Evidence], Measured | None]:
    """Return how to measure how many newborns have a code of the pattern, main or other."""

    def measure(seen: Evidence) -> Measured | None:
        newborns = _newborns(seen)
        return share(seen.with_code(newborns, pattern).height, newborns.height)

    return measure


def _of_mothers(column: str) -> Callable[[Evidence], Measured | None]:
    return lambda seen: share_of(
        seen.tables["mothers"].filter(pl.col("mother_is_there")), pl.col(column)
    )


MEASURES = (
    Measure("deliveries_per_bed", _a_day),
    Measure("deliveries_as_outpatient", _outside_beds),
    Measure("deliveries_too_soon", _too_soon),
    Measure("caesarean_sections", lambda seen: share_of(_deliveries(seen), has_code("^O82"))),
    Measure("mothers_under_20", _mothers_aged(0, 19)),
    Measure("mothers_20_24", _mothers_aged(20, 24)),
    Measure("mothers_25_29", _mothers_aged(25, 29)),
    Measure("mothers_30_34", _mothers_aged(30, 34)),
    Measure("mothers_35_39", _mothers_aged(35, 39)),
    Measure("mothers_40_and_over", _mothers_aged(40, 60)),
    Measure("newborns_per_delivery", _per_delivery),
    Measure("newborn_boys", lambda seen: share_of(seen.tables["born"], pl.col("sex") == "male")),
    Measure("neonatal_codes_later", _neonatal_codes),
    Measure("newborns_dying", _newborns_dying),
    Measure("mothers_dying", _mothers_dying),
    Measure("newborns_well", lambda seen: share_of(_newborns(seen), has_code("^Z38"))),
    Measure("newborns_with_sepsis", _newborns_with("^P36")),
    Measure("newborns_with_asphyxia", _newborns_with("^P21")),
    Measure("stillborn", _stillborn),
    Measure(
        "newborns_with_mother",
        lambda seen: share_of(seen.tables["mothers"], pl.col("mother_is_there")),
    ),
    Measure("twins", _twins),
    Measure("newborns_address", _of_mothers("same_address")),
    Measure("newborns_surname", _of_mothers("same_surname")),
    Measure(
        "preterm",
        lambda seen: share_of(_newborns(seen), pl.col("gestation_weeks") < 37),
    ),
    Measure(
        "low_birth_weight",
        lambda seen: share_of(_newborns(seen), pl.col("birth_weight_g") < 2500),
    ),
    Measure(
        "newborns_in_neonatal_beds",
        lambda seen: share(
            _newborns(seen).filter(pl.col("department") == "Pediatrics").height,
            seen.tables["born"].height,
        ),
    ),
)
