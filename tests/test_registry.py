"""The registry: what is incomplete is refused in one line, and nothing that exists is left out."""

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

import pytest

from hospital_assets import contracts
from hospital_assets.assets.graph import assets_of
from hospital_assets.configuration.hospital_files import load_parameters
from hospital_assets.configuration.settings import ROOT
from hospital_assets.contracts.doctors import DOCTORS
from hospital_assets.contracts.people import PEOPLE
from hospital_assets.contracts.record_type import RecordType
from hospital_assets.contracts.transfers import TRANSFERS
from hospital_assets.registry import (
    RECORD_TYPES,
    REGISTRY,
    Registration,
    RegistryError,
    check,
    check_contracts,
    registration,
)

PEOPLE_ROW, DOCTORS_ROW = registration(PEOPLE), registration(DOCTORS)
UNKNOWN = replace(PEOPLE, name="nothing")


def refusal(rows: Sequence[Registration]) -> str:
    """Return the one line with which the rows are refused."""
    with pytest.raises(RegistryError) as caught:
        check(rows)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_registry_that_ships_is_accepted() -> None:
    check(REGISTRY)


def test_a_record_that_stands_twice_is_refused() -> None:
    assert refusal([*REGISTRY, PEOPLE_ROW]) == "people stands in the registry twice"


@pytest.mark.parametrize("row", [row for row in REGISTRY if row.laws], ids=lambda row: row.name)
def test_a_record_without_a_law_is_refused(row: Registration) -> None:
    rows = [replace(one, laws=()) if one is row else one for one in REGISTRY]
    assert refusal(rows).startswith(f"{row.name} has no law")


def test_a_streamed_record_needs_no_law() -> None:
    assert not registration(TRANSFERS).laws
    check([registration(TRANSFERS)])


def test_a_record_that_reads_a_later_one_is_refused() -> None:
    free = replace(DOCTORS_ROW, contract=replace(DOCTORS, references=()))
    assert refusal([free, PEOPLE_ROW]).startswith("doctors needs people,")


def test_a_record_whose_foreign_key_names_a_later_one_is_refused() -> None:
    """Its table could not be made."""
    laws = tuple(law for law in DOCTORS_ROW.laws if "people" not in law.reads)
    free = replace(DOCTORS_ROW, reads=(), laws=laws)
    assert refusal([free, PEOPLE_ROW]).startswith("doctors needs people,")


def test_a_law_that_looks_at_a_record_that_its_row_does_not_read_is_refused() -> None:
    law = replace(PEOPLE_ROW.laws[0], name="curious", reads=("people", "patients"))
    message = refusal([replace(PEOPLE_ROW, laws=(law,))])
    assert message == "the law curious looks at patients, which people doesn't read"


def test_two_laws_of_one_name_are_refused() -> None:
    law = PEOPLE_ROW.laws[0]
    in_one = [replace(PEOPLE_ROW, laws=(law, law))]
    in_two = [PEOPLE_ROW, replace(DOCTORS_ROW, laws=(*DOCTORS_ROW.laws, law))]
    assert refusal(in_one) == f"two laws are called {law.name}, one of them of people"
    assert refusal(in_two) == f"two laws are called {law.name}, one of them of doctors"


def test_every_contract_has_a_row() -> None:
    modules = [
        import_module(f"{contracts.__name__}.{module.name}")
        for module in iter_modules(contracts.__path__)
    ]
    found = {
        value for one in modules for value in vars(one).values() if isinstance(value, RecordType)
    }
    rowless = sorted(one.name for one in found - set(RECORD_TYPES))
    assert not rowless, f"write a row in hospital_assets/registry.py for {', '.join(rowless)}"
    strays = sorted(one.name for one in set(RECORD_TYPES) - found)
    assert not strays, f"no module of hospital_assets/contracts/ holds {', '.join(strays)}"


def test_a_contract_without_a_row_is_refused() -> None:
    with pytest.raises(RegistryError, match=r"^doctors has a contract and no row in .*registry.py"):
        check_contracts([row for row in REGISTRY if row is not DOCTORS_ROW])


def test_a_record_without_a_row_is_named() -> None:
    with pytest.raises(RegistryError, match="nothing has no row in hospital_assets/registry"):
        registration(UNKNOWN)


def test_a_record_without_a_module_of_assets_is_refused() -> None:
    period = load_parameters(ROOT / "configs", "full").period
    row = replace(PEOPLE_ROW, contract=UNKNOWN)
    with pytest.raises(RegistryError) as caught:
        assets_of([PEOPLE_ROW, row], period)
    message = str(caught.value)
    assert message.startswith("nothing has no assets: write hospital_assets/assets/nothing.py")
    assert "\n" not in message
