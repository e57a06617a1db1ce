"""Impossible hospitals are refused at start, in so many words: file, key and expectation."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT, SettingsError
from tests.configuration.mutations import copied, read, write

Change = Callable[[Path], None]
SHIFTS = "hospital_shift_config.json"
INFINITE = float("inf")
ROLES = (
    f"{SHIFTS}: staffing: roles must be doctor, nurse, allied_health, administration, support,"
    " each once"
)
BEDDED = (
    "Medicine", "Surgery", "Pediatrics", "ICU", "Obstetrics and Gynaecology", "Oncology",
    "Cardiology", "Neurology", "Psychiatry", "High Care", "Palliative", "Neonatal",
)  # fmt: skip


def put(file: str, *path: str | int, value: Any) -> Change:
    """Return the change that puts a value at a place, or what a function makes of the old one."""

    def change(configs: Path) -> None:
        content = read(configs / file)
        part: Any = content
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value(part[path[-1]]) if callable(value) else value
        write(configs / file, content)

    return change


def each(*changes: Change) -> Change:
    """Return all of the changes as one."""

    def change(configs: Path) -> None:
        for one in changes:
            one(configs)

    return change


def no_beds(configs: Path) -> None:
    """Take all beds away."""
    for number in range(len(BEDDED)):
        put("beds.toml", "beds", "pools", number, "beds", value=0)(configs)


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A copy of the files that ship."""
    return copied(ROOT / "configs", tmp_path / "configs")


def refusal(configs: Path) -> str:
    """Return what is said of the files."""
    with pytest.raises(SettingsError) as refused:
        load_parameters(configs, "full")
    return str(refused.value).removeprefix(f"{configs}: ")


IMPOSSIBLE: dict[str, tuple[Change, str]] = {
    "no bed at all": (
        no_beds,
        "; ".join(
            f"beds.toml: beds.pools.{number}: beds of {name} must lie between 1 and 5,000"
            for number, name in enumerate(BEDDED)
        ),
    ),
    "the emergency department alone": (
        put("hospital.toml", "departments", value=lambda all_: all_[:1]),
        f"{SHIFTS}: staffing.departments: has Cardiology, High Care, ICU, Medicine, Neurology,"
        " Obstetrics and Gynaecology, Oncology, Palliative, Pediatrics, Psychiatry, Surgery,"
        " departments has not",
    ),
    "no pool of beds": (
        put("beds.toml", "beds", "pools", value=[]),
        "beds.toml: beds: pools must have one whose kind is 'general'",
    ),
    "a mean stay of 1,000 days": (
        put("beds.toml", "beds", "pools", 0, "mean_days", value=1000),
        "beds.toml: beds.pools.0: mean_days of Medicine must lie between 0.25 and 60",
    ),
    "a gap of 100,000 minutes": (
        put("beds.toml", "beds", "longest_gap_minutes", value=100_000),
        "beds.toml: beds: shortest_gap_minutes and longest_gap_minutes must rise between 1 and"
        " 1,440",
    ),
    "everybody under 2": (
        put("population.toml", "population", "ages", value=lambda bands: bands[:1]),
        "population.toml: population.ages: must have a band from 60 or more on",
    ),
    "too few people for the beds": (
        put("population.toml", "population", "size", value=100_000),
        "population.toml: population.size: must be 500 a bed at least, 590,000, not 100,000",
    ),
    "every cycle free": (
        each(
            *(
                put(
                    SHIFTS,
                    "staffing",
                    "cycles",
                    number,
                    "pattern",
                    value=lambda old: "-" * len(old),
                )
                for number in range(4)
            )
        ),
        f"{SHIFTS}: staffing: pattern of twelve_hours must have a shift",
    ),
    "a role renamed": (
        put(SHIFTS, "staffing", "roles", 0, "name", value="physician"),
        ROLES,
    ),
    "a role twice": (put(SHIFTS, "staffing", "roles", value=lambda all_: [*all_, all_[0]]), ROLES),
    "qualified at 0": (
        put("workforce.toml", "workforce", "professions", 0, "qualification_ages", value=[0]),
        "workforce.toml: workforce.professions.0: qualification_ages of doctor must lie between 16"
        " and 45",
    ),
    "retirement at 100": (
        put(SHIFTS, "staffing", "retirement_age", value=100),
        f"{SHIFTS}: staffing: retirement_age must lie between 60 and 75",
    ),
    "an infinite factor": (
        put("timelines.toml", "timelines", "returns", "early_factor", value=INFINITE),
        "timelines.toml: timelines.returns: early_factor must lie between 0 and 5, not inf",
    ),
    "2^62 transfers": (
        put("transfer_choice.toml", "transfer_choice", "per_slot", value=2**62),
        "transfer_choice.toml: transfer_choice: per_slot must lie between 0 and 1000",
    ),
    "2^62 visits": (
        put("clinics.toml", "clinics", "new", "most_a_day", value=2**62),
        "clinics.toml: clinics.new: least_a_day must lie between 0 and most_a_day, which is 2000 at"
        " most",
    ),
    "3,000,000 days of warm-up": (
        put("timelines.toml", "timelines", "warm_up_days", value=3_000_000),
        "timelines.toml: timelines: warm_up_days must lie between 90 and 730, not 3000000",
    ),
    "a cover cycle without rest": (
        put(SHIFTS, "staffing", "cycles", 0, "pattern", value="NDNDNDND"),
        f"{SHIFTS}: staffing: pattern of twelve_hours must leave 11 hours between shifts, not 0",
    ),
    "a disease without a code": (
        put(
            "secondary_diagnoses.toml", "secondary_diagnoses", "conditions", "C18", "code", value=""
        ),
        "secondary_diagnoses.toml: secondary_diagnoses.conditions.C18: code '' must look like A00"
        " or A00.0",
    ),
    "a period of eight thousand years": (
        put("hospital.toml", "period", "last_day", value=date(9999, 12, 31)),
        "hospital.toml: period.last_day: must lie 630 days, timelines.days_beyond_period and"
        " timelines.chain_days, before the end of births.last_year at the latest",
    ),
    "a period before anybody is known to die": (
        put("hospital.toml", "period", "first_day", value=date(1900, 2, 28)),
        "hospital.toml: period.first_day: must lie more than timelines.warm_up_days (180) after"
        " mortality.first_day",
    ),
    "staff from the year 1 on": (
        put("workforce.toml", "workforce", "first_day", value=date(1, 1, 1)),
        "workforce.toml: workforce.first_day: must lie 90 to 3,650 days before period.first_day",
    ),
    "a grade that no record knows": (
        put("workforce.toml", "workforce", "grades", 0, "name", value="helper"),
        "workforce.toml: workforce.grades: 'helper' must be one of",
    ),
    "a postal code of letters": (
        put("places.toml", "suburbs", 0, "postal_code", value="200X"),
        "places.toml: suburbs: '200X' must look like ^\\d{4}$, as postal_code of people",
    ),
    "a transfer of no known priority": (
        put("transfers.toml", "transfer_reasons", 0, "priority", value="soon"),
        "transfers.toml: transfer_reasons: 'soon' must be one of ['emergent', 'urgent', 'routine'],"
        " as priority of transfers",
    ),
    "names in no language that is known": (
        put("identities.toml", "traditions", 0, "words", value="elvish"),
        "identities.toml: traditions: there are no words of elvish; expected some of",
    ),
    "citizens of another country": (
        put("population.toml", "communities", 6, "foreign", value=False),
        "identities.toml: community_traditions: traditions of foreign, who are not foreign, must be"
        " of the country ZAF",
    ),
    "communities without a tradition": (
        put("identities.toml", "community_traditions", value=lambda all_: all_[1:]),
        "identities.toml: community_traditions: must be of",
    ),
}


@pytest.mark.parametrize(("change", "said"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_hospital_is_refused(change: Change, said: str, configs: Path) -> None:
    change(configs)
    found = refusal(configs)
    assert found == said or (said.endswith(" of") and found.startswith(said))


def test_impossible_parts_of_several_files_are_refused_at_once(configs: Path) -> None:
    for name in ("a mean stay of 1,000 days", "a role renamed", "2^62 transfers"):
        IMPOSSIBLE[name][0](configs)
    found = refusal(configs).split("; ")
    for name in ("a mean stay of 1,000 days", "a role renamed", "2^62 transfers"):
        assert IMPOSSIBLE[name][1] in found
