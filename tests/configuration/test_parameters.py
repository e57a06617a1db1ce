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
    assert full.population.size == 5_000_000
    assert len(full.departments) == 12
    assert sum(department.beds for department in full.departments) == 1180
    assert sum(role.posts for role in full.staffing.roles) == 4895
    assert small.population.size < full.population.size
    assert [one.name for one in small.departments] == [one.name for one in full.departments]


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "expectation"),
    [
        # Unknown keys and wrong types.
        ("simulation.toml", "[stays]", "[stays]\nocupancy = 0.9", "stays.ocupancy", "nexpected"),
        ("simulation.toml", "[stays]", "[stay]", "stay", "equired"),
        ("simulation.toml", "occupancy = 0.88", "", "stays.occupancy", "equired"),
        ("simulation.toml", "size = 5_000_000", 'size = "many"', "population.size", "integer"),
        ("simulation.toml", "size = 5_000_000", "size = 5.5", "population.size", "integer"),
        ("simulation.toml", "beds = 330", 'beds = "330"', "departments.1.beds", "integer"),
        ("simulation.toml", "occupancy = 0.88", "occupancy = true", "stays.occupancy", "number"),
        ("simulation.toml", "first_day = 2020-12-01", "first_day = 7.5", "period", "date"),
        ("simulation.toml", "[period]", "[period]\nlength = 3", "period.length", "nexpected"),
        ("diagnoses.toml", "weight = 9, season", "wait = 9, season", "diagnoses.0.w", ""),
        (
            "hospital_shift_config.json",
            '"letter": "D"',
            '"letter": "D", "colour": 1',
            "staffing.shifts.0.colour",
            "nexpected",
        ),
        # Impossible values.
        (
            "simulation.toml",
            "last_day = 2025-03-31",
            "last_day = 2019-03-31",
            "period",
            "must not lie before first_day",
        ),
        ("simulation.toml", "occupancy = 0.88", "occupancy = 1.2", "stays", "between 0.1 and 0.98"),
        (
            "simulation.toml",
            "mortality = 0.010",
            "mortality = 1.01",
            "departments.1",
            "mortality of Surgery must be between 0 and 1",
        ),
        ("simulation.toml", "probability = 0.1", "probability = 2.1", "readmission", "between 0"),
        ("simulation.toml", "per_slot = 3 ", "per_slot = 30 ", "whole", "more than a third"),
        ("simulation.toml", "per_slot = 3 ", "per_slot = -3 ", "transfers", "not be negative"),
        ("simulation.toml", "slots_per_day = 5", "slots_per_day = 7", "transfers", "divide"),
        ("simulation.toml", "median_stay_days = 1.8", "median_stay_days = 3.9", "departments.4",
         "between zero and the mean"),
        ("simulation.toml", "max_age = 12", "max_age = -1", "departments.3", "below min_age"),
        ("simulation.toml", "[1.18, 1.05, ", "[1.18, ", "attendances", "7 numbers, not 6"),
        ("simulation.toml", "mean_per_day = 1150", "mean_per_day = 3000", "attendances", "between"),
        ("simulation.toml", "mean_per_day = 1150", "mean_per_day = 310", "whole", "attendances"),
        ("simulation.toml", "months = [4, 5, 6, 7, 8]", "months = [13]", "seasons.0", "1 to 12"),
        ("simulation.toml", "{ age = 5,", "{ age = 0,", "population", "must rise"),
        ("simulation.toml", 'emergency_department = "Emergency"', 'emergency_department = "ER"',
         "whole", "must be one of"),
        ("diagnoses.toml", 'departments = ["Emergency", "Medicine", "Pediatrics"], weight = 9',
         'departments = ["Medicin"], weight = 9', "whole", "departments of J11.1"),
        ("diagnoses.toml", 'season = "flu"', 'season = "hay fever"', "whole", "season of J11.1"),
        ("diagnoses.toml", 'sex = "female"', 'sex = "woman"', "diagnoses", "female or male"),
        ("hospital_shift_config.json", '"twelve_hours": 0.60', '"twelve_hours": 0.50',
         "staffing.roles.0", "must add up to 1, not 0.9"),
        ("hospital_shift_config.json", '"pattern": "DDNN----"', '"pattern": "DDXX----"',
         "staffing", "no shift for ['X']"),
        ("hospital_shift_config.json", '"offsets": [0, 2, 4, 6, 1, 3, 5, 7]',
         '"offsets": [0, 2, 4, 6, 1, 3, 5]', "staffing.cycles.0", "0 to 7 once"),
        ("hospital_shift_config.json", '"hire_age_max": 36', '"hire_age_max": 25',
         "staffing.roles.0", "hire ages of doctor"),
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


def test_posts_of_a_role_that_the_departments_do_not_add_up_to_are_refused(
    folder: Path, edit: Edit
) -> None:
    file = "hospital_shift_config.json"
    posts = json.loads((folder / file).read_text(encoding="utf-8"))["staffing"]["roles"][0]["posts"]
    message = refusal(edit(file, f'"posts": {posts},', f'"posts": {posts + 1},'))
    assert f"{file}: staffing" in message
    assert f"add up to {posts}, not {posts + 1}" in message


def test_a_department_without_a_diagnosis_for_some_of_its_patients_is_refused(
    folder: Path,
) -> None:
    """Psychiatry admits people up to 75, and here knows a diagnosis only for those up to 60."""
    file = folder / "diagnoses.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "Psychiatry" not in line or "F10.2" in line]
    file.write_text("\n".join(kept).replace("max_age = 75", "max_age = 60"), encoding="utf-8")
    message = refusal(folder)
    assert "Psychiatry" in message
    assert "diagnoses.toml" in message


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
    (folder / "profiles" / "mine.toml").write_text("[stays]\noccupancy = 2\n", encoding="utf-8")
    message = refusal(folder, "mine")
    assert "simulation.toml with profiles/mine.toml" in message
    assert "stays" in message


def test_a_profile_that_does_not_exist_is_named(folder: Path) -> None:
    assert "profiles/none.toml" in refusal(folder, "none")


def test_a_profile_changes_what_it_names_and_nothing_else(folder: Path) -> None:
    (folder / "profiles" / "mine.toml").write_text(
        'departments = [{ name = "ICU", mortality = 0.2 }]\n[attendances]\nclinic_sigma = 0.4\n',
        encoding="utf-8",
    )
    full, mine = (load_parameters(folder, name) for name in ("full", "mine"))
    changed = [
        (before, after)
        for before, after in zip(full.departments, mine.departments, strict=True)
        if before != after
    ]
    assert [(one.name, other.mortality) for one, other in changed] == [("ICU", 0.2)]
    assert mine.attendances.clinic_sigma == 0.4
    assert mine.attendances.mean_per_day == full.attendances.mean_per_day
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
    longer = edit("simulation.toml", "last_day = 2025-03-31", "last_day = 2026-03-31")
    assert identity(longer) == shipped
    other = edit("simulation.toml", "mortality = 0.010", "mortality = 0.011")
    assert identity(other) != shipped


def test_the_vocabulary_holds_what_a_person_needs() -> None:
    vocabulary = load_words()
    assert all(one.share > 0 for one in vocabulary.communities)
    for community in vocabulary.communities:
        assert min(len(community.female), len(community.male), len(community.last)) >= 20
    words = [*vocabulary.streets, *(place.suburb for place in vocabulary.places)]
    assert all(word.strip() == word != "" for word in words)
