"""The data dictionary that is committed."""

from hospital_assets.operations.dictionary import TARGET, dictionary


def test_the_data_dictionary_is_what_the_contracts_say() -> None:
    assert TARGET.read_text(encoding="utf-8") == dictionary()
