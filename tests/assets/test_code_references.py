"""Where the page says that an asset's code stands."""

from pathlib import Path

import pytest

from hospital_assets.assets.code_references import address_of_commit, of_record
from hospital_assets.contracts.patients import PATIENTS


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/some/hospital.git", "https://github.com/some/hospital/blob/abc"),
        ("git@github.com:some/hospital.git", "https://github.com/some/hospital/blob/abc"),
        ("https://gitlab.com/a/b/hospital", "https://gitlab.com/a/b/hospital/-/blob/abc"),
        ("ssh://git@gitlab.com/a/hospital.git", "https://gitlab.com/a/hospital/-/blob/abc"),
        ("/somewhere/else", None),
        ("https://git.example/some/hospital", None),
    ],
)
def test_a_known_remote_shows_files_at_the_commit(remote: str, address: str | None) -> None:
    assert address_of_commit(remote, "abc") == address


def test_no_password_of_a_remote_reaches_the_page() -> None:
    found = address_of_commit("https://somebody:secret@github.com/some/hospital.git", "abc")
    assert found == "https://github.com/some/hospital/blob/abc"


def test_a_record_leads_to_its_contract_its_maker_and_its_laws() -> None:
    references = of_record(PATIENTS)["dagster/code_references"].code_references
    ends = ["contracts/patients.py", "records/patients.py", "laws/patients.py"]
    assert [next(end for end in ends if one.source.endswith(end)) for one in references] == ends
    assert all(Path(one.source).is_file() or "://" in one.source for one in references)
