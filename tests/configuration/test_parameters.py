"""The hospital that the config files describe: what is refused, and how profiles are merged."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospital_assets.configuration.hospital_files import (
    PARAMETER_FILES,
    _merge,
    fingerprint,
    load_parameters,
    load_words,
)
from hospital_assets.configuration.settings import ROOT, SettingsError
from hospital_assets.simulation import Hospital

SEED = 1

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files that ship."""
    return Path(shutil.copytree(ROOT / "configs", tmp_path / "configs"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replace a text of a file in the copy, and return the copy's folder."""

    def replace(name: str, old: str, new: str) -> Path:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replace


def refusal(folder: Path, profile: str = "full") -> str:
    """Return the one line with which the files are refused."""
    with pytest.raises(SettingsError) as caught:
        load_parameters(folder, profile)
    message = str(caught.value)
    assert "\n" not in message
    assert str(folder) in message
    return message


def test_the_profiles_that_ship_are_the_hospital_of_the_brief_and_a_smaller_one() -> None:
    """The brief's hospital in numbers: who changes it in configs/ changes them here too."""
    full, small = (load_parameters(ROOT / "configs", name) for name in ("full", "small"))
    assert full.people.population.size == 5_000_000
    assert len(full.departments) == 12
    assert sum(pool.beds for pool in full.inpatients.beds.pools) == 1180
    assert sum(role.posts for role in full.staffing.roles) == 4895
    assert small.people.population.size < full.people.population.size
    assert small.departments == full.departments


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "expectation"),
    [
        # Unknown keys and wrong types.
        ("beds.toml", "[beds]", "[beds]\noccupancy = 0.9", "beds.occupancy", "nexpected"),
        ("beds.toml", "[beds]", "[bed]", "bed", "equired"),
        ("beds.toml", "beds = 330", 'beds = "330"', "beds.pools.1.beds", "integer"),
        ("population.toml", "size = 5_000_000", 'size = "many"', "population.size", "integer"),
        ("population.toml", "size = 5_000_000", "size = 5.5", "population.size", "integer"),
        ("hospital.toml", "first_day = 2020-12-01", "first_day = 7.5", "period", "date"),
        ("hospital.toml", "[period]", "[period]\nlength = 3", "period.length", "nexpected"),
        (
            "hospital_shift_config.json",
            '"letter": "D"',
            '"letter": "D", "colour": 1',
            "staffing.shifts.0.colour",
            "nexpected",
        ),
        # Impossible values.
        (
            "hospital.toml",
            "last_day = 2025-03-31",
            "last_day = 2019-03-31",
            "period",
            "must not lie before first_day",
        ),
        ("hospital.toml", 'emergency_department = "Emergency"', 'emergency_department = "ER"',
         "emergency_department", "must be one of"),
        ("hospital.toml", 'falls = ["Fall at home"]', "",
         "encounters.complaints", "lacks falls"),
        ("icd10.toml", '"W19" = "Fall"', "", "icd10", "lacks W19"),
        ("transfer_choice.toml", "slots_per_day = 5 ", "slots_per_day = 7 ", "transfer_choice",
         "divide"),
        ("hospital_shift_config.json", '"pattern": "DDNN----"', '"pattern": "DDXX----"',
         "staffing", "no shift for ['X']"),
        ("hospital_shift_config.json", '"offsets": [0, 2, 4, 6, 1, 3, 5, 7]',
         '"offsets": [0, 2, 4, 6, 1, 3, 5]', "staffing.cycles.0", "0 to 7 once"),
        ("hospital_shift_config.json", '"seniors_on_cover_cycle": 4',
         '"seniors_on_cover_cycle": 3', "staffing", "at least 4"),
        ("transfers.toml", "weight = ", "weight = -", "transfer_reasons.0", "above zero"),
    ],
)  # fmt: skip
def test_a_file_is_refused_with_its_name_the_key_and_what_was_expected(
    file: str, old: str, new: str, key: str, expectation: str, edit: Edit
) -> None:
    message = refusal(edit(file, old, new))
    assert file in message
    assert key in message
    assert expectation in message


def test_several_impossible_values_are_refused_at_once(edit: Edit) -> None:
    edit("population.toml", "size = 5_000_000", 'size = "many"')
    message = refusal(edit("beds.toml", "beds = 330", 'beds = "330"'))
    assert "population.toml: population.size" in message
    assert "beds.toml: beds.pools.1.beds" in message


def test_posts_of_a_role_that_the_departments_do_not_add_up_to_are_refused(
    folder: Path, edit: Edit
) -> None:
    file = "hospital_shift_config.json"
    posts = json.loads((folder / file).read_text(encoding="utf-8"))["staffing"]["roles"][0]["posts"]
    message = refusal(edit(file, f'"posts": {posts}}}', f'"posts": {posts + 1}}}'))
    assert f"{file}: staffing" in message
    assert f"add up to {posts}, not {posts + 1}" in message


@pytest.mark.parametrize("name", [*PARAMETER_FILES, "profiles/full.toml"])
def test_a_missing_file_is_named(name: str, folder: Path) -> None:
    (folder / name).unlink()
    message = refusal(folder)
    assert name in message
    assert "no such file" in message


@pytest.mark.parametrize("name", PARAMETER_FILES)
def test_an_unreadable_file_is_named(name: str, folder: Path) -> None:
    (folder / name).write_text("{ this is neither", encoding="utf-8")
    message = refusal(folder)
    assert name in message
    assert "not readable" in message


def test_a_file_of_another_shape_is_named(folder: Path) -> None:
    (folder / "hospital_shift_config.json").write_text("[]", encoding="utf-8")
    assert "expected keys and values" in refusal(folder)


def test_the_profile_is_named_with_the_file_that_it_overrides(folder: Path) -> None:
    (folder / "profiles" / "mine.toml").write_text(
        "[encounters]\nbeds_per_ward = 0\n", encoding="utf-8"
    )
    message = refusal(folder, "mine")
    assert "hospital.toml with profiles/mine.toml" in message
    assert "encounters" in message


def test_a_profile_that_does_not_exist_is_named(folder: Path) -> None:
    assert "profiles/none.toml" in refusal(folder, "none")


def test_a_profile_changes_what_it_names_and_nothing_else(folder: Path) -> None:
    (folder / "profiles" / "mine.toml").write_text(
        '[beds]\npools = [{ name = "ICU", beds = 20 }]\n[encounters]\nbeds_per_ward = 12\n',
        encoding="utf-8",
    )
    full, mine = (load_parameters(folder, name) for name in ("full", "mine"))
    changed = [
        (before, after)
        for before, after in zip(
            full.inpatients.beds.pools, mine.inpatients.beds.pools, strict=True
        )
        if before != after
    ]
    assert [(one.name, other.beds) for one, other in changed] == [("ICU", 20)]
    assert mine.encounters.beds_per_ward == 12
    assert mine.encounters.complaints == full.encounters.complaints
    assert mine.staffing == full.staffing


scalars = st.one_of(st.integers(), st.booleans(), st.text(max_size=3))
tables = st.recursive(
    st.dictionaries(st.sampled_from("abcd"), scalars, max_size=4),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), st.one_of(scalars, inner), max_size=4),
    max_leaves=12,
)
named = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("pqrs")}, optional={"beds": st.integers()}),
    min_size=1,
    max_size=4,
    unique_by=lambda item: item["name"],
)


def leaves(table: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Return the values of nested tables by their paths."""
    if not isinstance(table, dict) or not table:
        return {path: table}
    return {
        deep: value for key in table for deep, value in leaves(table[key], (*path, key)).items()
    }


@given(tables)
def test_an_empty_profile_changes_nothing_and_merging_twice_is_merging_once(
    below: dict[str, Any],
) -> None:
    assert _merge(below, {}) == below
    assert _merge(below, below) == below


@given(below=tables, above=tables)
def test_what_the_profile_says_holds_and_the_rest_stays(
    below: dict[str, Any], above: dict[str, Any]
) -> None:
    merged = leaves(_merge(below, above))
    for path, value in leaves(above).items():
        if value != {}:
            assert merged[path] == value
    for path, value in leaves(below).items():
        overridden = any(path[: len(other)] == other or other[: len(path)] == path
                         for other in leaves(above))  # fmt: skip
        assert overridden or merged[path] == value


@given(below=named, above=named)
def test_lists_of_named_tables_are_merged_by_name(
    below: list[dict[str, Any]], above: list[dict[str, Any]]
) -> None:
    merged = _merge(below, above)
    names = [one["name"] for one in merged]
    old, new = ({one["name"]: one for one in items} for items in (below, above))
    assert names == [*old, *(name for name in new if name not in old)]
    assert all(one == old.get(one["name"], {}) | new.get(one["name"], {}) for one in merged)


def test_the_fingerprint_tells_hospitals_apart_and_ignores_the_period(edit: Edit) -> None:
    def identity(configs: Path, profile: str = "full", seed: int = SEED) -> str:
        return fingerprint(Hospital(seed, load_parameters(configs, profile), load_words()))

    shipped = identity(ROOT / "configs")
    assert identity(ROOT / "configs") == shipped
    assert identity(ROOT / "configs", seed=SEED + 1) != shipped
    assert identity(ROOT / "configs", "small") != shipped
    longer = edit("hospital.toml", "last_day = 2025-03-31", "last_day = 2026-03-31")
    assert identity(longer) == shipped
    other = edit("beds.toml", "mortality = 0.12", "mortality = 0.13")
    assert identity(other) != shipped
