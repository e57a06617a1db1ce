"""Departments that can't stand side by side are refused, by name."""

from dataclasses import replace

import pytest

from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT

FULL = load_parameters(ROOT / "configs", "full")
FIRST, SECOND, *OTHERS = FULL.departments


def test_two_departments_of_one_code_are_refused() -> None:
    """Their beds would have the same names."""
    with pytest.raises(ValueError, match="different codes"):
        replace(FULL, departments=(FIRST, replace(SECOND, code=FIRST.code), *OTHERS))


def test_a_department_without_posts_is_named() -> None:
    renamed = replace(SECOND, name="Ophthalmology")
    with pytest.raises(ValueError, match=r"staffing\.departments lacks Ophthalmology"):
        replace(FULL, departments=(FIRST, renamed, *OTHERS))
